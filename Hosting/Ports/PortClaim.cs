using System.Net;

namespace Shortline.Hosting;

/// <summary>
/// The pair of TCP ports of a silo: the first of the range that nobody has. It is held, as long as the process lives, by a file locked
/// exclusively, which the kernel unlocks on a crash; so that "start another silo" is the same command again, and two that start at once
/// never get the same. Other programs do not know of the files: both ports are also tried.
/// </summary>
public sealed class PortClaim : IDisposable
{
    private readonly FileStream _held;

    private PortClaim(FileStream held, int siloPort, int clientPort, int? firstSiloPort)
    {
        _held = held;
        SiloPort = siloPort;
        ClientPort = clientPort;
        FirstSiloPort = firstSiloPort;
    }

    /// <summary>Where the silo listens for silos.</summary>
    public int SiloPort { get; }

    /// <summary>Where it listens for gateways.</summary>
    public int ClientPort { get; }

    /// <summary>
    /// The silo port of the cluster's first silo on this machine, its own if it is that one; null if the first one is gone and others of
    /// the cluster are still there.
    /// </summary>
    public int? FirstSiloPort { get; }

    /// <summary>Takes the first free pair.</summary>
    /// <exception cref="StartFailedException">There is none.</exception>
    public static PortClaim Take(ClusterSettings cluster) => Take(cluster, PortClaimFolder.OfUser());

    internal static PortClaim Take(ClusterSettings cluster, PortClaimFolder folder)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        using var turn = folder.WaitForTurn();
        for (var port = cluster.SiloPortRangeStart; port < cluster.SiloPortRangeEnd; port++)
        {
            if (folder.TryHold(port) is not { } held)
                continue;
            try
            {
                var clientPort = port - cluster.SiloPortRangeStart + cluster.ClientPortRangeStart;
                var address = IPAddress.Parse(cluster.Address);
                if (PortTest.IsFree(address, port) && PortTest.IsFree(address, clientPort))
                {
                    var first = FirstOf(folder, cluster, port);
                    folder.Describe(port, new ClaimedPorts(cluster.Id, port, clientPort, first ?? port));
                    (var kept, held) = (held, null);
                    return new PortClaim(kept, port, clientPort, first);
                }
            }
            finally
            {
                held?.Dispose();
            }
        }

        throw new StartFailedException(
            $"There is no free port for this silo: all TCP ports from {cluster.SiloPortRangeStart} to {cluster.SiloPortRangeEnd - 1} "
            + $"(cluster.silo_port_range_start, cluster.silo_port_range_end), or those that belong to them from {cluster.ClientPortRangeStart} on "
            + "(cluster.client_port_range_start), are taken by silos or other programs. End one of them, or choose a larger range.");
    }

    /// <summary>The silos of a cluster that run on this machine, as this user.</summary>
    internal static IReadOnlyList<ClaimedPorts> Held(ClusterSettings cluster, PortClaimFolder folder)
    {
        using var turn = folder.WaitForTurn();
        return HeldBySilos(folder, cluster);
    }

    /// <summary>The TCP ports where the silos of a cluster that run on this machine, as this user, listen for gateways.</summary>
    public static IReadOnlyList<int> HeldClientPorts(ClusterSettings cluster) =>
        [.. Held(cluster, PortClaimFolder.OfUser()).Select(silo => silo.ClientPort)];

    /// <summary>Gives the ports back.</summary>
    public void Dispose() => _held.Dispose();

    private static int? FirstOf(PortClaimFolder folder, ClusterSettings cluster, int ownPort)
    {
        var others = HeldBySilos(folder, cluster).Where(silo => silo.SiloPort != ownPort).ToList();
        if (others.Count == 0)
            return ownPort;
        var first = others[0].FirstSiloPort;
        return first == ownPort || others.Exists(silo => silo.SiloPort == first) ? first : null;
    }

    private static List<ClaimedPorts> HeldBySilos(PortClaimFolder folder, ClusterSettings cluster) =>
        [.. folder.Held().Where(silo => string.Equals(silo.ClusterId, cluster.Id, StringComparison.Ordinal))];
}
