using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Shortline.Bench;

/// <summary>Shortline as a user starts it: a silo with a gateway in it.</summary>
internal static class SiloProcess
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    internal static async Task<RunningTarget> StartAsync(int servers, CancellationToken cancellationToken)
    {
        var silo = Path.Combine(AppContext.BaseDirectory, "Shortline.Silo.dll");
        if (!File.Exists(silo))
            throw new TargetFailedException("Shortline.Silo.dll is not beside this program.");
        // A folder of its own: no config.json of the user's, and its logs go when it goes.
        var folder = new TemporaryFolder();
        var port = FreePort.Next();
        var count = servers.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            silo,
            "--gateway",
            "--load_balancer:client_side_port",
            port.ToString(CultureInfo.InvariantCulture),
            "--controller:port",
            FreePort.Next().ToString(CultureInfo.InvariantCulture),
            "--server:count",
            count,
            // Below the ports that the system hands out, of which the two above are.
            "--server:port_range_start",
            "10000",
            "--server:port_range_end",
            "11000",
        ];
        var target = new RunningTarget("shortline", ChildProcess.Start("dotnet", arguments, folder.Path), port, folder);
        try
        {
            target.Process.ReadOutputAside();
            await AnswersAsync(target, cancellationToken);
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <summary>Ready is who answers: asks until then.</summary>
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
            while (!target.Process.HasExited)
            {
                await socket.SendAsync(EchoRequest.Create(id: 0), new IPEndPoint(IPAddress.Loopback, target.Port), stop.Token);
                await pause.WaitForNextTickAsync(stop.Token);
                if (!receiving.IsCompleted)
                    continue;
                var received = (await receiving).Buffer;
                answer = System.Text.Encoding.UTF8.GetString(received);
                if (EchoRequest.IsOk(received))
                    return;
                receiving = socket.ReceiveAsync(stop.Token).AsTask();
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TargetFailedException($"No echo was answered ok within {StartLimit}; last answer: {answer}. {target.Process.LastLines}");
        }

        throw new TargetFailedException($"The silo ended before it answered. {target.Process.LastLines}");
    }
}
