using System.Net;
using System.Net.Sockets;

namespace Shortline.System.Tests;

/// <summary>Ports that were free a moment ago, over UDP and TCP, and that no two tests of this run get.</summary>
internal static class FreePorts
{
    private const int SilosOfACluster = 8;
    private const int LastPort = 65_535;

    private static readonly Lock Lock = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>The settings of client tools that run at the same time: a range far larger than they need, of which each takes the next free ports.</summary>
    public static string[] OfClients { get; } = ["--client:port_range_start=56000", "--client:port_range_end=60000"];

    /// <summary>A port, outside the ranges that servers and clients take ports from.</summary>
    public static int Next()
    {
        lock (Lock)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                if (TryTake() is var port and not (>= 50_000 and < 60_000) and not 0 && Given.Add(port))
                    return port;
            }
        }

        throw new InvalidOperationException("There is no free port.");
    }

    /// <summary>
    /// The settings that give the silos of a cluster ports of their own. Without them they would be those of any other cluster on the machine, whose
    /// first silo, on Orleans, would be taken for theirs.
    /// </summary>
    public static string[] OfSilos()
    {
        var (silos, clients) = (NextRange(), NextRange());
        return
        [
            $"--cluster:silo_port_range_start={silos}", $"--cluster:silo_port_range_end={silos + SilosOfACluster}",
            $"--cluster:client_port_range_start={clients}",
        ];
    }

    /// <summary>The settings that give a process ports of its own, and a silo a cluster of its own.</summary>
    public static string[] Settings(out int clientSidePort)
    {
        clientSidePort = Next();
        return
        [
            $"--load_balancer:client_side_port={clientSidePort}",
            $"--load_balancer:server_side_port={Next()}",
            $"--controller:port={Next()}",
            $"--cluster:id=test-{Guid.NewGuid():N}",
            .. OfSilos(),
        ];
    }

    /// <inheritdoc cref="Settings(out int)"/>
    public static string[] Settings() => Settings(out _);

    /// <summary>The first of as many ports as a cluster may have silos. Only the first needs to be free: a silo passes over those that are not.</summary>
    private static int NextRange()
    {
        lock (Lock)
        {
            while (true)
            {
                var first = Next();
                var others = Enumerable.Range(first + 1, SilosOfACluster - 1).ToList();
                if (first < LastPort - SilosOfACluster && !others.Exists(port => port is >= 50_000 and < 60_000 || Given.Contains(port)))
                {
                    Given.UnionWith(others);
                    return first;
                }
            }
        }
    }

    private static int TryTake()
    {
        try
        {
            using var udp = new Socket(SocketType.Dgram, ProtocolType.Udp);
            using var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            tcp.Bind(udp.LocalEndPoint!);
            return ((IPEndPoint)udp.LocalEndPoint!).Port;
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
