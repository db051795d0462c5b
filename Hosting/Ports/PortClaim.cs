using System.Net;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Ports;

/// <summary>
/// The pair of TCP ports on which a silo listens: the first free pair of the range. The process holds the pair by an exclusively locked
/// file, which the kernel unlocks when the process ends. So the same command starts another silo, and two silos that start at the same time
/// never choose the same pair. Other programs do not know these files, so the claim also tests both ports.
/// </summary>
public sealed class PortClaim : IDisposable
{
    private readonly FileStream _lock;

    private PortClaim(FileStream heldLock, int siloPort, int clientPort)
    {
        _lock = heldLock;
        SiloPort = siloPort;
        ClientPort = clientPort;
    }

    /// <summary>The TCP port for other silos.</summary>
    public int SiloPort { get; }

    /// <summary>The TCP port for gateways.</summary>
    public int ClientPort { get; }

    /// <summary>Claims the first free pair of the cluster's port ranges.</summary>
    /// <exception cref="StartFailedException">No pair is free, or this machine does not have the address.</exception>
    public static PortClaim Take(ClusterSettings cluster) =>
        Take(cluster, Path.Combine(Path.GetTempPath(), $"shortline-ports-{ShortName.From(Environment.UserName)}"));

    internal static PortClaim Take(ClusterSettings cluster, string folder)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        PrivateFolder.Create(folder);
        var address = IPAddress.Parse(cluster.Address);
        for (var port = cluster.SiloPortRangeStart; port < cluster.SiloPortRangeEnd; port++)
        {
            if (TryLock(Path.Combine(folder, $"{port}.lock")) is not { } held)
                continue;
            var clientPort = port - cluster.SiloPortRangeStart + cluster.ClientPortRangeStart;
            try
            {
                if (PortTest.IsFree(address, port) && PortTest.IsFree(address, clientPort))
                {
                    (var kept, held) = (held, null);
                    return new PortClaim(kept, port, clientPort);
                }
            }
            finally
            {
                held?.Dispose();
            }
        }

        throw new StartFailedException(
            $"No TCP port is free for this silo: other silos or programs have all ports from {cluster.SiloPortRangeStart} to {cluster.SiloPortRangeEnd - 1} "
            + "(cluster.silo_port_range_start, cluster.silo_port_range_end), or the ports for gateways that belong to them, from "
            + $"{cluster.ClientPortRangeStart} on (cluster.client_port_range_start). End one of them, or choose a larger range.");
    }

    /// <summary>Releases the ports.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream? TryLock(string file)
    {
        try
        {
            // The file is never deleted. Otherwise one process could lock the deleted file and another a new file of the same name.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
