using System.Net;
using System.Text.Json;
using Shortline.System.Tests.Processes;
using Shortline.System.Tests.Udp;

namespace Shortline.System.Tests.ExternalServers;

/// <summary>The external server of docs/external.md, with silo and gateway processes as a user starts them.</summary>
public sealed class ExternalServerTests
{
    private const string Sample = "docs/samples/external_server.py";

    /// <summary>Twice the interval of the sample's reports: as short as possible, because the test waits for the ejection.</summary>
    private const string Timeout = "--load_balancer:external_timeout_ms=2000";

    [Fact]
    public async Task An_external_server_gets_requests_is_ejected_when_killed_and_readmitted_when_restarted()
    {
        var (gateway, reports) = (FreePorts.Next(), FreePorts.Next());
        await using var cluster = new TestCluster(null, $"--load_balancer:server_side_port={reports}", Timeout);
        var silo = await cluster.Silo("one");
        var door = await cluster.Gateway(gateway);
        await door.WaitForLine("External servers report to");
        using var socket = new PlainSocket(new IPEndPoint(IPAddress.Loopback, gateway));

        await using var first = PythonProgram.Start(Repository.File(Sample), "python", $"{reports}");
        await UntilAnsweredBy("ext-python", socket, cluster);
        Assert.Equal("", await first.Kill());
        await silo.WaitForLine("Server ext-python is ejected");
        for (var i = 0; i < 20; i++)
            Assert.Equal("0", await ServerOf(socket));

        await using var second = PythonProgram.Start(Repository.File(Sample), "python", $"{reports}");
        await silo.WaitForLine("Server ext-python is readmitted");
        await UntilAnsweredBy("ext-python", socket, cluster);
        Assert.Equal("", await second.Kill());

        // Names of external servers are their own choice, so they get no log files.
        var logs = Directory.GetFiles(cluster.PathOf("logs/servers")).Select(Path.GetFileName).Order();
        Assert.Equal(["server-0.log", "server-external.log"], logs);
    }

    [NetworkFact]
    public async Task An_external_server_that_is_not_on_loopback_joins_with_the_secret_only()
    {
        var (gateway, reports, address) = (FreePorts.Next(), FreePorts.Next(), NetworkAddress.OfThisMachine!);
        await using var cluster = new TestCluster(
            null, $"--load_balancer:server_side_port={reports}", $"--load_balancer:address={address}", $"--load_balancer:allow_external_from={address}",
            "--load_balancer:join_secret=the-right-secret");
        await cluster.Silo("one");
        var door = await cluster.Gateway(gateway);
        await door.WaitForLine("External servers report to");
        using var socket = new PlainSocket(new IPEndPoint(address, gateway));

        await using var stranger = PythonProgram.Start(Repository.File(Sample), Secret("wrong"), "stranger", $"{reports}", $"{address}");
        await door.WaitForLine($"Invalid report from {address}");
        await using var server = PythonProgram.Start(Repository.File(Sample), Secret("the-right-secret"), "python", $"{reports}", $"{address}");
        await UntilAnsweredBy("ext-python", socket, cluster);

        Assert.Equal("", await stranger.Kill());
        Assert.DoesNotContain("ext-stranger", cluster.Describe(), StringComparison.Ordinal);
        Assert.DoesNotContain("the-right-secret", door.Output + door.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_gateway_takes_the_reports_when_the_one_with_the_port_is_lost()
    {
        var (one, two, reports) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        await using var cluster = new TestCluster(null, $"--load_balancer:server_side_port={reports}", Timeout);
        await cluster.Silo("one");
        var first = await cluster.Gateway(one);
        await first.WaitForLine("External servers report to");
        var second = await cluster.Gateway(two);
        await second.WaitForLine("External servers cannot report here");
        using var socket = new PlainSocket(new IPEndPoint(IPAddress.Loopback, two));

        await first.Kill();
        await second.WaitForLine("External servers report to");
        await using var server = PythonProgram.Start(Repository.File(Sample), "python", $"{reports}");
        await UntilAnsweredBy("ext-python", socket, cluster);
    }

    [Fact]
    public void The_page_shows_the_sample_as_it_is()
    {
        var page = File.ReadAllText(Repository.File("docs/external.md"));
        Assert.Contains($"```python\n{File.ReadAllText(Repository.File(Sample))}```\n", page, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Secret(string secret) => new(StringComparer.Ordinal) { ["SHORTLINE__load_balancer__join_secret"] = secret };

    private static async Task UntilAnsweredBy(string server, PlainSocket socket, TestCluster cluster)
    {
        // Bounded by time, because the duration of an attempt varies.
        using var limit = new CancellationTokenSource(ProgramProcess.Limit);
        while (await ServerOf(socket) != server)
            Assert.False(limit.IsCancellationRequested, $"{server} answered nothing.\n{cluster.Describe()}");
    }

    private static async Task<string> ServerOf(PlainSocket socket)
    {
        var answer = await socket.AskJson(JsonSerializer.Serialize(new { id = Guid.NewGuid().ToString("N"), operation = "echo", payload = new[] { "a", "ö" } }));
        Assert.Equal("ok", answer.GetProperty("status").GetString());
        Assert.Equal("""["a","ö"]""", JsonSerializer.Serialize(answer.GetProperty("result"), Plain));
        return answer.GetProperty("server_id").GetString()!;
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = global::System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
