using System.Net;
using Shortline.Bench.Udp;
using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;
using Shortline.System.Tests.Hostile;
using Shortline.System.Tests.Processes;

namespace Shortline.Bench.Hostile;

/// <summary>
/// Attacks a silo with a gateway while good clients send to it, each kind of attack for some time, with a pause before and after it. The good
/// clients must be answered, and the process must not grow.
/// </summary>
internal static class HostileBenchmark
{
    private const int Clients = 8;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(5);

    /// <summary>The time after an attack in which connections end and memory is freed.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(3);

    /// <returns>0 if all requests were answered and the process has not grown; 1 if not; 130 if the user stopped it.</returns>
    internal static async Task<int> RunAsync(
        double good, double flood, TimeSpan length, IReadOnlyList<Attack> attacks, bool hasLongRequests, CancellationToken cancellationToken)
    {
        try
        {
            Console.WriteLine(Machine.Describe());
            var failed = attacks.Count > 0 && await AttackAsync(good, flood, length, attacks, cancellationToken);
            failed |= hasLongRequests && !await LongRequests.RunAsync(length, cancellationToken);
            return failed ? 1 : 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine("Stopped.");
            return 130;
        }
        catch (TargetFailedException fault)
        {
            Console.WriteLine($"The run failed: {fault.Message}");
            return 1;
        }
    }

    /// <returns>Whether good requests were not answered, or the process has grown.</returns>
    private static async Task<bool> AttackAsync(
        double good, double flood, TimeSpan length, IReadOnlyList<Attack> attacks, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{good:N0} good requests/s over UDP; floods of {flood:N0} datagrams/s; {length.TotalSeconds:0.#} s each");
        var table = new TextTable(["attack", "sent", "of", "good", "not ok", "p99 ms before", "p99 ms", "ratio", "before", "after", "verdict"]);
        var failed = false;
        using var target = await SiloProcess.StartAsync(Targets.InSilo, servers: 4, silos: 1, [], cancellationToken);
        var process = target.Processes[0];
        var gateway = new IPEndPoint(IPAddress.Loopback, target.Port);
        await LoadAsync(gateway, good, Warmup, cancellationToken);
        foreach (var attack in attacks)
        {
            var calm = await LoadAsync(gateway, good, length, cancellationToken);
            var before = ProcessSize.Of(process.Id);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var sending = attack.Run(gateway, flood, end.Token);
            var load = await LoadAsync(gateway, good, length, cancellationToken);
            await end.CancelAsync();
            var sent = await sending;
            await Task.Delay(Recovery, TimeProvider.System, cancellationToken);
            if (process.HasExited)
                throw new TargetFailedException($"The silo ended under the attack '{attack.Name}'. {process.LastLines}");

            var after = ProcessSize.Of(process.Id);
            var (usual, p99) = (calm.Latency.Percentile(99) / 1e6, load.Latency.Percentile(99) / 1e6);
            var notOk = load.Ended - load.Of(ResponseStatus.Ok);
            var isOk = notOk == 0 && before.Holds(after);
            failed |= !isOk;
            table.Add([
                attack.Name, $"{sent:N0}", attack.Unit, $"{load.Ended:N0}", $"{notOk:N0}", $"{usual:F2}", $"{p99:F2}", $"{p99 / usual:F1}",
                $"{before}", $"{after}", isOk ? "ok" : notOk > 0 ? "LOSES" : "GROWS",
            ]);
            Console.Error.WriteLine($"{attack.Name}: {sent:N0} {attack.Unit}, {notOk:N0} of {load.Ended:N0} good requests not ok");
        }

        Console.WriteLine();
        table.Write(Console.Out);
        return failed;
    }

    private static async Task<LoadProgress> LoadAsync(IPEndPoint gateway, double rate, TimeSpan length, CancellationToken cancellationToken)
    {
        using var driver = new LoadDriver(new LoadSettings
        {
            Gateways = [gateway],
            Clients = Clients,
            Rate = rate,
            Duration = length,
            Payload = "{\"text\":\"the quick brown fox\"}"u8.ToArray(),
        });
        return await driver.RunAsync(cancellationToken);
    }
}
