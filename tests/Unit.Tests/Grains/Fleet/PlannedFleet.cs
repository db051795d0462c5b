using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Shortline.Balancing.Scaling;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Fleet;
using Shortline.Hosting.Settings;

namespace Shortline.Unit.Tests.Grains.Fleet;

/// <summary>The state of a controller and its plan, without grains.</summary>
internal sealed class PlannedFleet
{
    private readonly FakeTimeProvider _time = new();

    /// <summary>Creates a fleet.</summary>
    /// <param name="silos">The number of silos.</param>
    /// <param name="desired">The number of servers that it should have.</param>
    /// <param name="maxPerSilo">The most servers on a silo.</param>
    /// <param name="maxCount">The most servers.</param>
    public PlannedFleet(int silos, int desired = 1, int maxPerSilo = 8, int maxCount = 16)
    {
        Events = new FleetEvents("test", _time, NullLogger.Instance);
        var settings = new ShortlineSettings { Server = new() { StartId = 1, Count = 1, MaxCount = maxCount, MaxPerSilo = maxPerSilo, DrainTimeoutMs = 1000 } };
        State = new FleetState(settings, Events, _time);
        Plan = new FleetPlan(State, settings);
        UseSilos(silos);
        Want(desired);
    }

    public FleetEvents Events { get; }

    public FleetState State { get; }

    public FleetPlan Plan { get; }

    /// <summary>The text of a silo's address.</summary>
    public static string Silo(int silo) => Address(silo).ToString();

    /// <summary>Makes the first silos of the cluster active; there are no others.</summary>
    public void UseSilos(int count) =>
        State.Silos.Update(Enumerable.Range(0, count).ToDictionary(Address, _ => SiloStatus.Active));

    /// <summary>Decides the size of the fleet.</summary>
    public void Want(int servers, int? wanted = null)
    {
        State.Scaling = State.Scaling.Resized(servers);
        State.Decision = new ScalingDecision(servers, wanted ?? servers, Panic: false, Urgent: false, Reason: "");
    }

    /// <summary>Reports a server.</summary>
    public FleetMember Report(string id, int silo, ServerStatus status = ServerStatus.Ready, int queue = 0, long incarnation = 1)
    {
        State.Learn(new ServerResponse
        {
            Identity = id,
            Incarnation = incarnation,
            Sequence = _time.GetUtcNow().Ticks,
            Status = status,
            QueueLength = queue,
            SiloAddress = Silo(silo),
        });
        _time.Advance(TimeSpan.FromMilliseconds(1));
        return State.TryGet(id, out var member) ? member : null!;
    }

    /// <summary>Starts what is missing, as if every start succeeded.</summary>
    public void StartMissing(long incarnation = 1)
    {
        foreach (var member in State.Reserve(Plan.Missing))
        {
            member.IsStarting = false;
            Report(member.Id, Enumerable.Range(0, 100).First(silo => Silo(silo) == member.SiloAddress), incarnation: incarnation);
        }
    }

    public void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private static SiloAddress Address(int silo) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1000 + silo), gen: 1);
}
