using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Gateway;

/// <summary>The text protocol, with silos and a gateway as processes.</summary>
public sealed class TextProtocolTests
{
    [Fact]
    public async Task A_program_locates_servers_and_is_served_by_them_also_after_one_is_lost()
    {
        // Each silo has one server, and no server moves. Their ports are outside the ranges of other tests.
        var ports = FreePorts.Next();
        await using var cluster = new TestCluster(
            database: null, "--load_balancer:refresh_interval_ms=100", $"--server:port_range_start={ports}", $"--server:port_range_end={ports + 10}");
        Directory.CreateDirectory(cluster.PathOf("served"));
        await File.WriteAllTextAsync(cluster.PathOf("served/doc.txt"), "a document");
        string[] files = ["--server:file_root", cluster.PathOf("served")];
        var silos = new[] { await cluster.Silo("a", files), await cluster.Silo("b", files) };
        var gateway = new IPEndPoint(IPAddress.Loopback, FreePorts.Next());
        await cluster.Gateway(gateway.Port);
        IPEndPoint[] servers = [await ServerOf(silos[0]), await ServerOf(silos[1])];
        foreach (var server in servers)
            await Until(() => server.Equals(TextProgram.Locate(gateway)), $"the gateway names {server}", cluster.Describe);

        foreach (var server in servers)
        {
            Assert.Equal("alive", TextProgram.Ask(server, "test_response_time"));
            Assert.Equal("{\"doc.txt\":\"file\"}", TextProgram.Ask(server, "req_dir"));
            Assert.Equal("a documentDONE", TextProgram.Ask(server, "req_file%doc.txt\n"));
            Assert.Equal("", TextProgram.Ask(server, "req_comp%0.1\n"));
        }

        await silos[1].Kill();
        await Until(() => !IsAlive(servers[1]), "the port of the lost server is closed", cluster.Describe);
        await Until(() => servers[0].Equals(TextProgram.Locate(gateway)) && IsAlive(servers[0]), "the gateway names the server that is left", cluster.Describe);
    }

    /// <summary>Reads the port of a silo's first server from the silo's log.</summary>
    private static async Task<IPEndPoint> ServerOf(ProgramProcess silo)
    {
        const string Before = "its own port is ";
        var line = await silo.WaitForLine(Before);
        var port = line[(line.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..].Split(' ')[0];
        return new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_text_server_joins_is_located_while_it_is_alive_and_leaves()
    {
        await using var cluster = new TestCluster(
            database: null, "--load_balancer:refresh_interval_ms=100", "--load_balancer:external_timeout_ms=600", $"--load_balancer:server_side_port={FreePorts.Next()}");
        await cluster.Silo("a");
        var gateway = new IPEndPoint(IPAddress.Loopback, FreePorts.Next());
        await cluster.Gateway(gateway.Port);
        using var stays = new TextServer();
        using var dies = new TextServer();

        Assert.Equal("", TextProgram.Ask(gateway, $"JOIN%{stays.EndPoint}"));
        Assert.Equal("", TextProgram.Ask(gateway, $"JOIN%{dies.EndPoint}\n"));
        await UntilLocated(stays);
        await UntilLocated(dies);
        Assert.Equal(TextServer.Files, TextProgram.Ask(stays.EndPoint, "req_dir"));

        dies.Dispose();
        await UntilGone(dies);
        await UntilLocated(stays);
        Assert.Equal("", TextProgram.Ask(gateway, $"DEAD%{stays.EndPoint}\n"));
        await UntilGone(stays);
        Assert.Equal("", TextProgram.Ask(gateway, $"JOIN%{stays.EndPoint}\n"));
        await UntilLocated(stays);

        foreach (var nonsense in (string[])["JOIN%nonsense\n", "JOIN%10.1.2.3:80\n", "DEAD%1:2:3\n", "JOIN%127.0.0.1:0\n", "JOIN%127.0.0.1:99999\n"])
            Assert.Equal("", TextProgram.Ask(gateway, nonsense));
        await cluster.AllOk(gateway.Port, "--requests", "100");

        Task UntilLocated(TextServer server) => Until(() => server.EndPoint.Equals(TextProgram.Locate(gateway)), $"clients are sent to {server.EndPoint}", cluster.Describe);
        Task UntilGone(TextServer server) => Until(
            () => Enumerable.Range(0, 10).All(_ => !server.EndPoint.Equals(TextProgram.Locate(gateway))), $"no clients are sent to {server.EndPoint}", cluster.Describe);
    }

    private static async Task Until(Func<bool> condition, string missing, Func<string> describe)
    {
        using var limit = new CancellationTokenSource(ProgramProcess.Limit);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"Not within {ProgramProcess.Limit.TotalSeconds} s: {missing}.\n{describe()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static bool IsAlive(IPEndPoint server)
    {
        try
        {
            return TextProgram.Ask(server, "test_response_time") == "alive";
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return false;
        }
    }
}
