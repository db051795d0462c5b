using Shortline.LocalEngine;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine.Network;

public class SuspicionTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Silence_beyond_the_limit_is_suspicious()
    {
        var suspicion = new Suspicion(_time);
        Assert.False(suspicion.Look(1));

        var looks = 0;
        do
        {
            _time.Advance(Membership.Pause);
            looks++;
        }
        while (!suspicion.Look(1));

        Assert.Equal((int)(Suspicion.Limit / Membership.Pause) + 1, looks);
    }

    [Fact]
    public void A_sign_of_life_ends_the_suspicion()
    {
        var suspicion = new Suspicion(_time);
        for (var beat = 0; beat < 1000; beat++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(suspicion.Look(beat));
        }
    }

    [Fact]
    public void Who_was_stopped_itself_suspects_nobody_for_it()
    {
        var suspicion = new Suspicion(_time);
        suspicion.Look(1);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(suspicion.Look(1));
    }
}
