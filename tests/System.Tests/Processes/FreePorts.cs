using System.Net;
using System.Net.Sockets;

namespace Shortline.System.Tests.Processes;

/// <summary>
/// Ports that are free for UDP and TCP. No two tests of this run get the same one. They lie below the range from which the system takes the
/// local ports of connections, which could take a port before the program under test binds it, and outside the default ranges of our
/// programs.
/// </summary>
internal static class FreePorts
{
    private const int SilosOfACluster = 8;
    private const int FirstPort = 12_000;
    private const int EndOfPorts = 30_000;

    private static readonly Lock Lock = new();
    private static readonly Random Random = new();
    private static readonly HashSet<int> Taken = [];

    /// <summary>
    /// The settings of client tools that run at the same time. They share a large range, and each takes the next free ports.
    /// </summary>
    public static string[] OfClients { get; } = ["--client:port_range_start=56000", "--client:port_range_end=60000"];

    /// <summary>Returns a free port.</summary>
    public static int Next()
    {
        lock (Lock)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Next(FirstPort, EndOfPorts);
                if (IsFree(port) && Taken.Add(port))
                    return port;
            }
        }

        throw new InvalidOperationException("There is no free port.");
    }

    /// <summary>
    /// The settings that give the silos of a cluster ports of their own, so that clusters of tests that run at the same time do not compete
    /// for the default range.
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

    /// <summary>
    /// Returns the first of as many ports as a cluster may have silos. Only the first must be free, because silos skip ports in use.
    /// </summary>
    private static int NextRange()
    {
        lock (Lock)
        {
            while (true)
            {
                var first = Next();
                var others = Enumerable.Range(first + 1, SilosOfACluster - 1).ToList();
                if (!others.Exists(Taken.Contains))
                {
                    Taken.UnionWith(others);
                    return first;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var udp = new Socket(SocketType.Dgram, ProtocolType.Udp);
            using var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
