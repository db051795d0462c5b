using System.Text.Json;
using Shortline.System.Tests.Processes;
using Shortline.TestCertificates;

namespace Shortline.System.Tests.Client;

/// <summary>The client tool and a silo with a gateway, as processes.</summary>
public sealed class ClientToolTests(RunningFleet running) : IClassFixture<RunningFleet>
{
    private readonly Fleet _fleet = running.Fleet;

    [Fact]
    public async Task The_tool_counts_a_hundred_ok_in_table_report_and_exit_code()
    {
        await using var client = await _fleet.AllOk("--requests", "100", "--report", "figures/report.json");

        Assert.Contains("| requests  |      100 |", client.Output, StringComparison.Ordinal);
        Assert.Contains("| ok        |      100 |", client.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', client.Output);
        Assert.Empty(client.Error);
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(_fleet.PathOf("figures/report.json")));
        var figures = report.RootElement;
        Assert.Equal(100, figures.GetProperty("requests").GetInt32());
        Assert.Equal(100, figures.GetProperty("ok").GetInt32());
        foreach (var other in (string[])["error", "rejected", "expired", "lost", "invalid", "no_answer", "not_sent", "unmatched"])
            Assert.Equal(0, figures.GetProperty(other).GetInt32());
        Assert.Equal(100, figures.GetProperty("servers").EnumerateObject().Sum(server => server.Value.GetInt32()));
        var latency = figures.GetProperty("latency_ms");
        Assert.InRange(latency.GetProperty("p50").GetDouble(), 0.001, latency.GetProperty("max").GetDouble());
    }

    [Fact]
    public async Task The_tool_prints_the_first_answer_that_is_not_ok_and_exits_with_1()
    {
        await using var client = _fleet.Client("--requests", "3", "--operation", "fly");

        Assert.True(await client.WaitForExit() == 1, client.Describe());
        Assert.Contains("First answer that was not ok: invalid: ", client.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_prints_its_summary_and_leaves_nothing_in_flight_when_it_is_interrupted()
    {
        await using var client = _fleet.Client("--duration", "10m", "--rate", "50");
        await client.WaitForLine(" answers/s ");

        await client.Interrupt();

        Assert.True(await client.WaitForExit() == 0, client.Describe());
        Assert.Contains("p99.9", client.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_names_a_gateway_that_does_not_answer_and_exits_with_1()
    {
        using var folder = new WorkingFolder();
        var nobody = $"127.0.0.1:{FreePorts.Next()}";
        await using var client = folder.Start(ProgramFile.Client, [.. FreePorts.OfClients, "--gateway", nobody]);

        Assert.True(await client.WaitForExit() == 1, client.Describe());
        Assert.Equal($"No gateway answers on {nobody}. Start one with: dotnet run --project Silo -- --gateway\n", client.Error);
    }

    [Fact]
    public async Task The_tool_sends_asks_and_downloads_over_encrypted_connections()
    {
        using var authority = new TestAuthority("Gateways");
        using var folder = new WorkingFolder();
        await File.WriteAllTextAsync(folder.PathOf("authority.pem"), authority.Certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder.PathOf("note.txt"), "hello");
        authority.WritePem(folder.PathOf("gateway.pem"), "gateway");
        await using var fleet = await Fleet.Start($"--load_balancer:certificate={folder.PathOf("gateway.pem")}", $"--server:file_root={folder.PathOf("")}");
        string[] trust = ["--tls-authority", folder.PathOf("authority.pem")];

        await using var tcp = await fleet.AllOk(["--tcp", .. trust, "--requests", "200"]);
        await using var direct = await fleet.AllOk(["--direct", .. trust, "--tls-name", "gateway", "--requests", "200"]);
        await using var ask = await fleet.AllOk(["ask", "{\"id\":1,\"operation\":\"echo\"}", "--tcp", .. trust]);
        await using var get = await fleet.AllOk(["get", "note.txt", "--tcp", .. trust]);
        await using var datagrams = await fleet.AllOk("--requests", "20");

        Assert.Equal("hello", await File.ReadAllTextAsync(fleet.PathOf("note.txt")));
        await using var distrustful = fleet.Client("--tcp", "--tls", "--requests", "1", "--timeout", "30s");
        Assert.True(await distrustful.WaitForExit() == 1, distrustful.Describe());
        Assert.Contains("the certificate CN=gateway is not trusted: ", distrustful.Error, StringComparison.Ordinal);
    }
}
