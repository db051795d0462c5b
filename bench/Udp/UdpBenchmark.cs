using Shortline.Bench.Echo;
using Shortline.Bench.Load;

namespace Shortline.Bench.Udp;

/// <summary>
/// Runs every target at every load, interleaved over rounds, so that other activity on the machine affects all targets alike.
/// </summary>
internal static class UdpBenchmark
{
    // Time for the processors to leave their idle states and for the load to become steady.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(0.5);

    private const int WarmUpOutstanding = 64;

    /// <returns>0, or 1 if a target could not be measured.</returns>
    internal static async Task<int> RunAsync(UdpOptions options, CancellationToken cancellationToken)
    {
        var chosen = Targets.All(options.Servers, options.Silos).Where(target => IsChosen(target, options)).ToArray();
        Console.WriteLine(Machine.Describe());
        foreach (var target in chosen)
            Console.WriteLine($"  {target.Name,-10} {target.Description}");

        List<RunningTarget> running = [];
        try
        {
            var failed = 0;
            foreach (var target in chosen)
                failed += await TryStartAsync(target, running, options, cancellationToken) ? 0 : 1;
            var measurements = await MeasureAsync(running, options, cancellationToken);
            UdpReport.Write(measurements, options);
            return failed == 0 ? 0 : 1;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine("Stopped.");
            return 130;
        }
        catch (TargetFailedException fault)
        {
            Console.WriteLine($"A measurement failed: {fault.Message}");
            return 1;
        }
        finally
        {
            running.ForEach(target => target.Dispose());
        }
    }

    private static bool IsChosen(Target target, UdpOptions options) =>
        options.Only.Count > 0
            ? options.Only.Contains(target.Name, StringComparer.Ordinal)
            : target.Name is not (EchoProcess.PortableSockets or EchoProcess.WildcardSockets);

    private static async Task<bool> TryStartAsync(
        Target target,
        List<RunningTarget> running,
        UdpOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var started = await target.StartAsync(cancellationToken);
            running.Add(started);
            await LoadProcess.MeasureAsync(started, WarmUpOutstanding, options.PeersAt(WarmUpOutstanding), options.WarmUp, TimeSpan.Zero, cancellationToken);
            return true;
        }
        catch (TargetFailedException fault)
        {
            Console.WriteLine($"{target.Name} is left out. {fault.Message}");
            return false;
        }
    }

    private static async Task<List<Measurement>> MeasureAsync(
        List<RunningTarget> running,
        UdpOptions options,
        CancellationToken cancellationToken
    )
    {
        List<Measurement> measurements = [];
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var outstanding in options.Outstanding)
            {
                foreach (var target in running)
                {
                    var result = await LoadProcess.MeasureAsync(target, outstanding, options.PeersAt(outstanding), Settle, options.Duration, cancellationToken);
                    measurements.Add(new Measurement(target.Name, outstanding, round, result));
                    Console.Error.WriteLine($"round {round}, {outstanding} outstanding, {target.Name}: {result.Rate:N0} requests/s");
                }
            }
        }

        return measurements;
    }
}
