from jira import JIRA
from target import env, jira

client = JIRA(server=jira, basic_auth=(env["JIRA_EMAIL"], env["JIRA_API_TOKEN"]))
project = client.projects()[0].key
issue = client.create_issue(project=project, summary="Interop", issuetype={"name": "Task"})
assert client.issue(issue.key).fields.summary == "Interop"
