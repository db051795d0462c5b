using FsCheck;
using FsCheck.Fluent;
using Shortline.Gateway.Requests;
using Shortline.Protocol.Requests;

namespace Shortline.Unit.Tests.Gateway.Requests;

public sealed class DeadlineWheelTests
{
    private const int Interval = 10;

    /// <summary>Beyond one round of the wheel, so that lists hold requests of several rounds.</summary>
    private const int LongestTimeout = 3 * 1024 * Interval;

    [Fact]
    public void It_finds_what_a_look_at_every_request_finds()
    {
        var timeout = Gen.Frequency((3, Gen.Choose(1, 100)), (1, Gen.Choose(1, LongestTimeout)));
        var step = Gen.Frequency((3, Gen.Choose(0, 15)), (1, Gen.Choose(0, LongestTimeout / 2)));
        Prop.ForAll(timeout.Zip(step).ListOf(200).ToArbitrary(), steps =>
        {
            var wheel = new DeadlineWheel(Interval);
            var all = new List<PendingRequest>();
            var due = new List<PendingRequest>();
            var now = 12_345L;
            foreach (var (timeoutMs, pause) in steps)
            {
                var request = Begin(all.Count, now, now + timeoutMs);
                wheel.Add(request);
                all.Add(request);
                now += pause;

                // Some are answered in time.
                if (all.Count % 3 == 0)
                    Remove(wheel, all, all[all.Count / 2]);

                due.Clear();
                wheel.Collect(now, due);
                if (!due.ToHashSet().SetEquals(all.Where(each => each.DeadlineAt <= now)))
                    return false;
                foreach (var each in due)
                    Remove(wheel, all, each);
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    private static void Remove(DeadlineWheel wheel, List<PendingRequest> all, PendingRequest request)
    {
        wheel.Remove(request);
        all.Remove(request);
    }

    private static PendingRequest Begin(int index, long now, long deadline)
    {
        var pending = new PendingRequest(index);
        RequestParser.Parse("""{"id":1,"operation":"echo"}"""u8, out var request);
        pending.Begin(request, request.Id, default, now, deadline);
        return pending;
    }
}
