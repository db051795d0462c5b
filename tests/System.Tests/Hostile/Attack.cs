using System.Net;

namespace Shortline.System.Tests.Hostile;

/// <summary>Something that a gateway on an open network has to endure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Run">Attacks a gateway until it is cancelled, and returns how much was sent, in <paramref name="Unit"/>.</param>
/// <param name="Unit">What is counted.</param>
internal sealed record Attack(string Name, string Unit, Func<IPEndPoint, double, CancellationToken, Task<long>> Run)
{
    /// <summary>All attacks. Those by datagrams take the rate, in datagrams a second.</summary>
    internal static IReadOnlyList<Attack> All { get; } =
    [
        .. Enum.GetValues<HostileKind>().Select(kind =>
            new Attack($"{kind}".ToLowerInvariant(), "datagrams", (gateway, rate, stop) => UdpAttacks.Flood(gateway, kind, rate, stop))),
        new("connections", "connections", (gateway, _, stop) => TcpAttacks.OpenAndClose(gateway, stop)),
        new("half-open", "connections", (gateway, _, stop) => TcpAttacks.StaySilent(gateway, stop)),
        new("slow writers", "bytes", (gateway, _, stop) => TcpAttacks.WriteSlowly(gateway, stop)),
        new("slow readers", "requests", (gateway, _, stop) => TcpAttacks.NeverRead(gateway, stop)),
        new("endless line", "bytes", (gateway, _, stop) => TcpAttacks.NeverEndLine(gateway, stop)),
        new("text commands", "commands", (gateway, _, stop) => TcpAttacks.NeverEndCommands(gateway, stop)),
    ];

    public override string ToString() => Name;
}
