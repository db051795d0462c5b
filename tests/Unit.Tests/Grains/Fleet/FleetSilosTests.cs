using System.Net;
using Orleans.Runtime;
using Shortline.Grains.Fleet;

namespace Shortline.Unit.Tests.Grains.Fleet;

/// <summary>The silos as the controller knows them.</summary>
public sealed class FleetSilosTests
{
    private static readonly SiloAddress One = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);
    private static readonly SiloAddress Two = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 2), 1);

    private readonly FleetSilos _silos = new();

    public FleetSilosTests() =>
        _silos.Update(new Dictionary<SiloAddress, SiloStatus> { [One] = SiloStatus.Active, [Two] = SiloStatus.Active });

    [Fact]
    public void A_silo_is_silent_twice_as_long_after_each_further_failure_up_to_a_limit()
    {
        var pauses = new List<long>();
        var now = 0L;
        for (var i = 0; i < 6; i++)
        {
            _silos.FallSilent($"{One}", now, firstMs: 200, mostMs: 1500);
            var since = now;
            while (IsSilent(now))
                now += 100;
            pauses.Add(now - since);
        }

        Assert.Equal([200, 400, 800, 1500, 1500, 1500], pauses);
    }

    [Fact]
    public void A_silo_that_answers_is_as_good_as_new()
    {
        _silos.FallSilent($"{One}", nowMs: 0, firstMs: 200, mostMs: 1500);
        _silos.FallSilent($"{One}", nowMs: 0, firstMs: 200, mostMs: 1500);
        _silos.Speaks($"{One}");
        Assert.False(IsSilent(nowMs: 0));

        _silos.FallSilent($"{One}", nowMs: 0, firstMs: 200, mostMs: 1500);
        Assert.False(IsSilent(nowMs: 200));
    }

    private bool IsSilent(long nowMs) => !_silos.Rooms([], nowMs).Single(room => room.Address == $"{One}").IsOpen;
}
