# What a user of python-gitlab sees of a GitLab; printed as one JSON object.
import json
import sys
import time

import gitlab

url, project_path = sys.argv[1:3]
project = gitlab.Gitlab(url, private_token='good').projects.get(project_path, lazy=True)


def until(read, done):
    for _ in range(400):
        value = read()
        if done(value):
            return value
        time.sleep(0.05)
    raise SystemExit(f'never came: last seen {value}')


def refused(user, token):
    try:
        user(gitlab.Gitlab(url, private_token=token).projects.get(project_path, lazy=True))
    except gitlab.exceptions.GitlabAuthenticationError as error:
        return error.response_code
    return None


created = project.pipelines.create({'ref': 'main', 'variables': [{'key': 'SHA', 'value': 'a b&c=ü'}]})
ended = until(lambda: project.pipelines.get(created.id), lambda pipeline: pipeline.status == 'success')
status = project.commits.get(ended.sha, lazy=True).statuses.create({'state': 'success', 'name': 'stellwerk/release', 'target_url': 'https://example.com'})
long = project.pipelines.create({'ref': 'main'})
long.cancel()

print(json.dumps({
    'created': {'id': created.id, 'ref': created.ref, 'source': created.source},
    'variables': [[one.key, one.value] for one in ended.variables.list(get_all=True)],
    'listed': sorted(one.id for one in project.pipelines.list(ref='main', get_all=True)),
    'status': {'name': status.name, 'status': status.status},
    'cancelled': until(lambda: project.pipelines.get(long.id).status, lambda state: state == 'canceled'),
    'long': long.id,
    'refused': refused(lambda other: other.pipelines.list(get_all=True), 'bad'),
}))
