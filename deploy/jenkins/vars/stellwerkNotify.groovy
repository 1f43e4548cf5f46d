import groovy.json.JsonOutput

/**
 * Tells Stellwerk how far this build is: `stellwerkNotify phase: 'STARTED'` in the first stage, `stellwerkNotify()` in `post { always }`.
 *
 * phase          STARTED or COMPLETED (the end, with its result); without it COMPLETED
 * url            https://<host>/hooks/<connection>; without it the variable STELLWERK_URL
 * credentialsId  of a "Secret text" with one of the connection's webhook.secrets; without it `stellwerk`
 *
 * Needs an agent with sh. A build never fails because of it: gives 0 when the event was taken.
 */
def call(Map options = [:]) {
  String phase = options.phase ?: 'COMPLETED'
  if (!(phase in ['STARTED', 'COMPLETED'])) error "stellwerkNotify: phase is '${phase}': expected STARTED or COMPLETED"
  String url = options.url ?: env.STELLWERK_URL
  if (!url) error 'stellwerkNotify: expected url: or the variable STELLWERK_URL, e.g. https://stellwerk.example.com/hooks/jenkins'
  // Branch names are anybody's: the JSON is made by JsonOutput, and reaches the shell as a file only.
  String body = JsonOutput.toJson(event(phase))
  int status = 2
  dir(pwd(tmp: true)) {
    String name = "stellwerk-${currentBuild.number}-${phase}"
    writeFile file: "${name}.json", text: body, encoding: 'UTF-8'
    writeFile file: "${name}.sh", text: libraryResource('dev/stellwerk/send-event.sh'), encoding: 'UTF-8'
    withCredentials([string(credentialsId: options.credentialsId ?: 'stellwerk', variable: 'STELLWERK_SECRET')]) {
      withEnv(["STELLWERK_URL=${url}", "STELLWERK_EVENT=${name}"]) {
        status = sh(label: "Stellwerk: ${phase}", returnStatus: true, script: '''
          sh "./$STELLWERK_EVENT.sh" "$STELLWERK_EVENT.json" && code=0 || code=$?
          rm -f "$STELLWERK_EVENT.sh" "$STELLWERK_EVENT.json"
          exit "$code"
        ''')
      }
    }
  }
  return status
}

/** The notification plugin's JSON, without parameters but for Stellwerk's own. */
Map event(String phase) {
  boolean over = phase == 'COMPLETED'
  String job = jobUrl(env.JOB_NAME)
  Map build = [number: currentBuild.number, phase: phase, url: "${job}${currentBuild.number}/".toString()]
  build.timestamp = over ? currentBuild.startTimeInMillis + currentBuild.duration : currentBuild.startTimeInMillis
  if (env.BUILD_URL) build.full_url = env.BUILD_URL
  if (over) {
    build.duration = currentBuild.duration
    build.status = currentBuild.currentResult
  }
  if (params.STELLWERK_ID) build.parameters = [STELLWERK_ID: params.STELLWERK_ID]
  Map scm = [:]
  if (env.BRANCH_NAME ?: env.GIT_BRANCH) scm.branch = env.BRANCH_NAME ?: env.GIT_BRANCH
  if (env.GIT_COMMIT) scm.commit = env.GIT_COMMIT
  if (scm) build.scm = scm
  return [name: env.JOB_BASE_NAME, display_name: env.JOB_BASE_NAME, url: job, build: build]
}

/** `shop/app/feature%2Fx` is `job/shop/job/app/job/feature%252Fx/`: a branch's item has an encoded name. */
String jobUrl(String name) {
  String path = ''
  for (item in name.split('/')) path += 'job/' + URLEncoder.encode(item, 'UTF-8').replace('+', '%20') + '/'
  return path
}
