using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.ExternalServers;

/// <summary>The sample docs/samples/pickle_bridge.py, with a client and a server that exchange pickles.</summary>
public sealed class PickleBridgeTests
{
    [Fact]
    public async Task A_client_and_a_server_that_exchange_pickles_work_with_the_fleet()
    {
        var (gateway, reports, clients, servers) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        await using var cluster = new TestCluster(null, $"--load_balancer:server_side_port={reports}");
        var silo = await cluster.Silo("one");
        await (await cluster.Gateway(gateway)).WaitForLine("External servers report to");
        await using var bridge = PythonProgram.Start(Repository.File("docs/samples/pickle_bridge.py"), $"{clients}", $"{servers}", $"{gateway}", $"{reports}");
        await Listens(clients);

        // The fleet's own server answers, through the bridge.
        await using (var client = PythonProgram.Start(Here("client.py"), "1001", $"{clients}", "3"))
            Assert.Equal("client 1001 received 3\n", await client.Ended());

        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        foreach (var port in (int[])[clients, servers])
            await Send(port, $"cos\nsystem\n(S'touch {file}'\ntR.");

        await using var server = PythonProgram.Start(Here("server.py"), "7", $"{servers}", "3");
        await silo.WaitForLine("ext-pickle-7");
        await using (var client = PythonProgram.Start(Here("client.py"), "1002", $"{clients}", "12"))
            Assert.Equal("client 1002 received 12\n", await client.Ended());

        // Which server gets a request depends on the queues, so clients send until it has had enough.
        await using (PythonProgram.Start(Here("client.py"), "1003", $"{clients}", "1000000"))
            Assert.Equal("server 7 answered 3\n", await server.Ended());

        Assert.False(File.Exists(file), "a pickle has run a program");
        var said = await bridge.Kill();
        Assert.Equal(2, said.Split("a pickle names os.system").Length - 1);
    }

    private static async Task Listens(int port)
    {
        using var limit = new CancellationTokenSource(ProgramProcess.Limit);
        while (true)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                Assert.False(limit.IsCancellationRequested, "the bridge does not listen");
            }
        }
    }

    /// <summary>Sends a pickle and waits until the bridge closes the connection.</summary>
    private static async Task Send(int port, string pickle)
    {
        using var limit = new CancellationTokenSource(ProgramProcess.Limit);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(pickle), limit.Token);
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], limit.Token));
    }

    private static string Here(string file, [CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "pickles", file);
}
