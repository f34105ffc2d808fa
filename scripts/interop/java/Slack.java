import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** The JDK's own client: proxy and trust store come from JAVA_TOOL_OPTIONS. */
public class Slack {
  static final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  static String call(String method, String form) throws Exception {
    var base = "url".equals(System.getenv("INTEROP")) ? System.getenv("SLACK_API_URL") : "https://slack.com/api/";
    var request = HttpRequest.newBuilder(URI.create(base + method))
        .header("Authorization", "Bearer " + System.getenv("SLACK_BOT_TOKEN"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(form));
    return http.send(request.build(), BodyHandlers.ofString()).body();
  }

  public static void main(String[] arguments) throws Exception {
    var created = call("conversations.create", "name=interop");
    var channel = created.replaceAll("(?s).*?\"id\":\"(C\\w+)\".*", "$1");
    var posted = call("chat.postMessage", "text=Hello&channel=" + channel);
    var read = call("conversations.info", "channel=" + channel);
    if (!posted.contains("\"ok\":true") || !read.contains("interop")) throw new AssertionError(created + posted + read);
  }
}
