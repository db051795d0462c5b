using System.Net;
using System.Net.Sockets;
using System.Text;
using Shortline.Bench.Load;
using Shortline.System.Tests.Processes;

namespace Shortline.Bench.Udp;

/// <summary>Shortline as a user starts it: a silo with a gateway in one process, or a gateway and one or more silos as processes of their own.</summary>
internal static class SiloProcess
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <param name="name">A name of <see cref="Targets"/>.</param>
    /// <param name="servers">The number of servers.</param>
    /// <param name="silos">The number of silos.</param>
    /// <param name="settings">Further settings of the silos.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    internal static async Task<RunningTarget> StartAsync(
        string name, int servers, int silos, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        // A folder of its own keeps the user's config.json out, and takes the logs, which are deleted with it.
        var folder = new TemporaryFolder();
        var port = FreePorts.Next();
        List<ChildProcess> processes = [];
        var target = new RunningTarget(name, processes, port, folder);
        try
        {
            // A cluster of its own keeps the two targets apart.
            string[] cluster = ["--cluster:id", $"bench-{Guid.NewGuid():N}"[..14], "--cluster:folder", "."];
            for (var i = 0; i < silos; i++)
                processes.Add(Start("Silo", folder, [.. cluster, .. SiloArguments(name, port, servers, silos), .. settings]));
            if (name == Targets.OwnProcess)
                processes.Add(Start("Gateway", folder, [.. cluster, "--port", $"{port}", "--controller:port", $"{FreePorts.Next()}"]));
            await AnswersAsync(target, cancellationToken);
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    private static string[] SiloArguments(string name, int port, int servers, int silos) =>
        [
            .. name == Targets.InSilo ? ["--gateway", "--load_balancer:client_side_port", $"{port}"] : Array.Empty<string>(),
            "--controller:port",
            $"{FreePorts.Next()}",
            "--server:count",
            $"{servers}",
            "--server:max_count",
            $"{servers}",
            // So that each silo has its share from the start.
            "--server:max_per_silo",
            $"{(servers + silos - 1) / silos}",
            // Below the range from which the system takes local ports.
            "--server:port_range_start",
            "10000",
            "--server:port_range_end",
            "11000",
        ];

    private static ChildProcess Start(string project, TemporaryFolder folder, IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, $"Shortline.{project}.dll");
        if (!File.Exists(program))
            throw new TargetFailedException($"Shortline.{project}.dll is not beside this program.");
        var process = ChildProcess.Start("dotnet", [program, .. arguments], folder.Path);
        process.ReadOutputAside();
        return process;
    }

    /// <summary>Sends requests until the target answers one with ok.</summary>
    private static async Task AnswersAsync(RunningTarget target, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(StartLimit, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var answer = "none";
        var receiving = socket.ReceiveAsync(stop.Token).AsTask();
        try
        {
            while (!target.Processes.Any(process => process.HasExited))
            {
                await socket.SendAsync(EchoRequest.Create(id: 0), new IPEndPoint(IPAddress.Loopback, target.Port), stop.Token);
                await pause.WaitForNextTickAsync(stop.Token);
                if (!receiving.IsCompleted)
                    continue;
                var received = (await receiving).Buffer;
                answer = Encoding.UTF8.GetString(received);
                if (EchoRequest.IsOk(received))
                    return;
                receiving = socket.ReceiveAsync(stop.Token).AsTask();
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TargetFailedException($"No echo was answered ok within {StartLimit}; last answer: {answer}. {LastLines(target)}");
        }

        throw new TargetFailedException($"The target ended before it answered. {LastLines(target)}");
    }

    private static string LastLines(RunningTarget target) => string.Join(Environment.NewLine, target.Processes.Select(process => process.LastLines));
}
