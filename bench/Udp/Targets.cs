using Shortline.Bench.Echo;
using Shortline.Gateway.Udp;

namespace Shortline.Bench.Udp;

/// <summary>The targets, in the order of the table.</summary>
internal static class Targets
{
    /// <summary>The target that the ratios compare with.</summary>
    internal const string Yardstick = "dotnet";

    /// <summary>Shortline as one process, and as two.</summary>
    internal const string InSilo = "shortline";

    /// <inheritdoc cref="InSilo"/>
    internal const string TwoProcesses = "gateway";

    internal static IReadOnlyList<Target> All(int servers) =>
        [
            new(Yardstick, "plain .NET: one thread, blocking ReceiveFrom and SendTo", token => StartEcho(Yardstick, EchoProcess.PlainLoop, token)),
            new("c", "C: recvmmsg and sendmmsg, cc -O2", CompiledEcho.StartAsync),
            new("sockets", "Shortline's sockets with nothing behind them", token => StartEcho("sockets", EchoProcess.BatchedSockets, token)),
            new("portable", "the same with the sockets of systems other than Linux", token => StartEcho("portable", EchoProcess.PortableSockets, token)),
            new(InSilo, $"Shortline: gateway in a silo, {servers} servers, operation echo", token => SiloProcess.StartAsync(InSilo, servers, token)),
            new(TwoProcesses, "the same, gateway and silo as two processes", token => SiloProcess.StartAsync(TwoProcesses, servers, token)),
        ];

    private static async Task<RunningTarget> StartEcho(string name, string kind, CancellationToken cancellationToken)
    {
        if (kind == EchoProcess.BatchedSockets && !UdpTransports.HasBatches)
            throw new TargetFailedException("This system has no recvmmsg and sendmmsg.");
        var process = ChildProcess.StartSelf(EchoProcess.Verb, kind);
        try
        {
            return new RunningTarget(name, [process], await process.ReadPortAsync(cancellationToken));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }
}
