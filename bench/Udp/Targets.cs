using Shortline.Bench.Echo;
using Shortline.Gateway.Udp;

namespace Shortline.Bench.Udp;

/// <summary>The targets, in the order of the table.</summary>
internal static class Targets
{
    /// <summary>The target that the ratios compare with.</summary>
    internal const string Yardstick = "dotnet";

    /// <summary>Shortline as one process.</summary>
    internal const string InSilo = "shortline";

    /// <summary>Shortline with the gateway as a process of its own.</summary>
    internal const string OwnProcess = "gateway";

    internal static IReadOnlyList<Target> All(int servers, int silos) =>
        [
            new(Yardstick, "plain .NET: one thread, blocking ReceiveFrom and SendTo", token => StartEcho(Yardstick, EchoProcess.PlainLoop, token)),
            new("c", "C: recvmmsg and sendmmsg, cc -O2", CompiledEcho.StartAsync),
            new("sockets", "Shortline's sockets with nothing behind them", token => StartEcho("sockets", EchoProcess.BatchedSockets, token)),
            new("portable", "the same with the sockets of systems other than Linux", token => StartEcho("portable", EchoProcess.PortableSockets, token)),
            new(
                "wildcard", "Shortline's sockets on 0.0.0.0, which answer from the address that was asked",
                token => StartEcho("wildcard", EchoProcess.WildcardSockets, token)),
            new(InSilo, $"Shortline: gateway in a silo, {servers} servers, operation echo", token => SiloProcess.StartAsync(InSilo, servers, silos: 1, [], token)),
            new(
                OwnProcess, $"the same, gateway and {(silos == 1 ? "silo" : $"{silos} silos")} as processes of their own",
                token => SiloProcess.StartAsync(OwnProcess, servers, silos, [], token)),
        ];

    private static async Task<RunningTarget> StartEcho(string name, string kind, CancellationToken cancellationToken)
    {
        if (kind is EchoProcess.BatchedSockets or EchoProcess.WildcardSockets && !UdpTransports.HasBatches)
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
