# What a user of python-jenkins sees of a Jenkins; printed as one JSON object.
import json
import sys
import time

import jenkins

url, job = sys.argv[1:3]
server = jenkins.Jenkins(url, username='robot', password='api-token')


def until(read, done):
    for _ in range(400):
        value = read()
        if done(value):
            return value
        time.sleep(0.05)
    raise SystemExit(f'never came: last seen {value}')


def parameters(build):
    return {one['name']: one['value'] for action in build['actions'] for one in action.get('parameters', [])}


def refused():
    try:
        jenkins.Jenkins(url, username='robot', password='wrong').get_job_info(job)
    except jenkins.JenkinsException as error:
        return str(error).splitlines()[0]
    return None


item = server.build_job(job, {'SHA': 'a b&c=ü', 'STELLWERK_ID': 'run:e2e:run:1'})
number = until(lambda: server.get_queue_item(item).get('executable'), bool)['number']
ended = until(lambda: server.get_build_info(job, number), lambda build: not build['building'])
other = until(lambda: server.get_queue_item(server.build_job(job, {'SHA': 'second', 'STELLWERK_ID': 'run:e2e:run:2'})).get('executable'), bool)['number']
server.stop_build(job, other)

print(json.dumps({
    'result': ended['result'],
    'queue': ended['queueId'] == item,
    'parameters': parameters(ended),
    'stopped': until(lambda: server.get_build_info(job, other), lambda build: not build['building'])['result'],
    'refused': refused(),
}))
