namespace Shortline.Bench.Simulation.Roles;

/// <summary>
/// The messages of a fleet in a second, by role, as its size grows. Every server's queue changes all the time, so every report is new: the
/// most that a fleet of this size ever sends.
/// </summary>
/// <param name="Silos">The number of silos.</param>
/// <param name="ServersPerSilo">The number of servers on each.</param>
/// <param name="Gateways">The number of gateways.</param>
/// <param name="RequestsPerServer">Requests a second that each server gets.</param>
internal sealed record RoleTraffic(int Silos, int ServersPerSilo, int Gateways, double RequestsPerServer)
{
    /// <summary>Pauses between two reports of a silo, pushes of the balancer and looks of the controller: 100 ms, 100 ms, 1 s by default.</summary>
    private const double ReportsPerSecond = 10, LooksPerSecond = 1, RefreshesPerSecond = 1;

    /// <summary>A silo with more servers than this reports less often, in proportion.</summary>
    private const int ServersAtFullPace = 1000;

    public int Servers => Silos * ServersPerSilo;

    public double Requests => Servers * RequestsPerServer;

    private double SiloReports => ReportsPerSecond / Math.Max(1, ServersPerSilo / ServersAtFullPace);

    /// <summary>How often the balancer pushes: see <see cref="Grains.Fleet.PushPace"/>.</summary>
    private double Pushes => 1 / Grains.Fleet.PushPace.Pause(Servers, Gateways).TotalSeconds;

    /// <summary>The traffic of one gateway: its share of the requests, pushes of the whole fleet, and a refresh.</summary>
    public RoleLoad Gateway => new(
        Requests: Requests / Gateways,
        Messages: (2 * Calls / Gateways) + Pushes + (2 * RefreshesPerSecond),
        Reports: Pushes * Servers);

    /// <summary>The traffic of one silo: its share of the requests, its reports, and the controller's questions.</summary>
    public RoleLoad Silo => new(
        Requests: Requests / Silos,
        Messages: (2 * Calls / Silos) + SiloReports + (2 * LooksPerSecond),
        Reports: (SiloReports + LooksPerSecond) * ServersPerSilo);

    /// <summary>The traffic of the balancer: the reports of all silos, and a push of them to every gateway.</summary>
    public RoleLoad Balancer => new(
        Requests: 0,
        Messages: (Silos * SiloReports) + (Gateways * Pushes) + (2 * Gateways * RefreshesPerSecond) + (2 * LooksPerSecond),
        Reports: (Silos * SiloReports * ServersPerSilo) + (Gateways * Pushes * Servers) + (LooksPerSecond * Servers));

    /// <summary>The traffic of the controller: what the balancer tells it, and its own questions to every silo.</summary>
    public RoleLoad Controller => new(
        Requests: 0,
        Messages: 2 * (Silos + 1) * LooksPerSecond,
        Reports: 2 * Servers * LooksPerSecond);

    /// <summary>
    /// Calls between gateways and silos: at most one for each request. A call carries more only if several of one gateway for one server come
    /// during the call before, which is rare unless servers are few.
    /// </summary>
    private double Calls => 2 * Requests;
}

/// <summary>What one process or grain handles in a second.</summary>
/// <param name="Requests">Requests of clients.</param>
/// <param name="Messages">Messages that it sends or receives.</param>
/// <param name="Reports">Reports of servers in these messages.</param>
internal readonly record struct RoleLoad(double Requests, double Messages, double Reports);
