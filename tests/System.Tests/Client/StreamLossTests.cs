using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using Shortline.Client;
using Shortline.Client.Files;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Client;

/// <summary>A client downloads a file as a stream from one of two silos, and this silo is killed in the middle.</summary>
public sealed class StreamLossTests : IDisposable
{
    private const int Size = 64_000_000;

    private readonly DirectoryInfo _served = Directory.CreateTempSubdirectory("shortline-served-");
    private readonly Dictionary<int, ProgramProcess> _silos = [];

    public void Dispose() => _served.Delete(recursive: true);

    [Fact]
    public async Task A_download_continues_from_the_other_silo_at_the_same_offset()
    {
        await File.WriteAllBytesAsync(Path.Combine(_served.FullName, "doc.bin"), RandomNumberGenerator.GetBytes(Size));
        await using var cluster = new TestCluster(null, "--server:count=2");
        foreach (var name in (string[])["one", "two"])
        {
            var own = FreePorts.Next();
            _silos[own] = await cluster.Silo(
                name, $"--controller:port={FreePorts.Next()}", $"--server:file_root={_served.FullName}", $"--server:port_range_start={own}", $"--server:port_range_end={own + 1}");
        }

        var gateway = FreePorts.Next();
        await cluster.Gateway(gateway, $"--controller:port={FreePorts.Next()}");

        using var client = new ShortlineClient(new ShortlineClientOptions
        {
            Gateways = [new IPEndPoint(IPAddress.Loopback, gateway)],
            Transport = ClientTransport.Tcp,
            TimeoutMs = 20_000,
            Retries = 20,
        });
        var here = cluster.PathOf("here.bin");
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var killed = new ManualResetEventSlim();
        var download = new FileDownload(new RemoteFiles(client), "doc.bin", here)
        {
            Receiving = received =>
            {
                if (received < Size / 10 || !begun.TrySetResult())
                    return;
                killed.Wait(ProgramProcess.Limit);
            },
        };
        var run = Task.Run(() => download.RunAsync());
        await Task.WhenAny(begun.Task, run).WaitAsync(ProgramProcess.Limit, TimeProvider.System);
        Assert.True(begun.Task.IsCompleted, $"The download did not begin.\n{cluster.Describe()}");
        await _silos[ServingPort()!.Value].Kill();
        killed.Set();

        await run.WaitAsync(ProgramProcess.Limit, TimeProvider.System);
        Assert.Equal((Size, 0, 0), (download.Progress.Received, download.Progress.Resumed, download.Progress.Restarts));
        await using var arrived = File.OpenRead(here);
        await using var served = File.OpenRead(Path.Combine(_served.FullName, "doc.bin"));
        Assert.Equal(await SHA256.HashDataAsync(served), await SHA256.HashDataAsync(arrived));
    }

    /// <summary>The server port of the silo that the client is connected to; null without a connection.</summary>
    private int? ServingPort() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Where(connection => connection.State == TcpState.Established && _silos.ContainsKey(connection.RemoteEndPoint.Port))
        .Select(connection => (int?)connection.RemoteEndPoint.Port)
        .FirstOrDefault();
}
