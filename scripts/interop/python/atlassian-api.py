from atlassian import Jira
from target import env, jira

client = Jira(url=jira, username=env["JIRA_EMAIL"], password=env["JIRA_API_TOKEN"], cloud=True)
project = client.projects()[0]["key"]
issue = client.create_issue({"project": {"key": project}, "summary": "Interop", "issuetype": {"name": "Task"}})
assert client.issue(issue["key"])["fields"]["summary"] == "Interop"
