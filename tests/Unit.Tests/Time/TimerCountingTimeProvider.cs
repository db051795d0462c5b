using Microsoft.Extensions.Time.Testing;

namespace Shortline.Unit.Tests.Time;

/// <summary>
/// A <see cref="FakeTimeProvider"/> that counts its pending timers. A test needs the count because it must not advance the clock before the
/// code under test, on another thread, waits for it.
/// </summary>
internal sealed class TimerCountingTimeProvider : FakeTimeProvider
{
    private readonly HashSet<CountedTimer> _pending = [];

    public TimerCountingTimeProvider()
    {
    }

    public TimerCountingTimeProvider(DateTimeOffset start)
        : base(start)
    {
    }

    /// <summary>The number of timers that will fire when the clock reaches their due time.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_pending)
                return _pending.Count;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this, callback, state);
        timer.Inner = base.CreateTimer(_ => timer.Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Count(CountedTimer timer, bool pending)
    {
        lock (_pending)
        {
            if (pending)
                _pending.Add(timer);
            else
                _pending.Remove(timer);
        }
    }

    private sealed class CountedTimer(TimerCountingTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _repeats;
        private bool _hasFired;

        public ITimer Inner { get; set; } = null!;

        public void Fire()
        {
            lock (clock._pending)
            {
                _hasFired = true;
                clock.Count(this, _repeats);
            }

            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._pending)
                (_repeats, _hasFired) = (period > TimeSpan.Zero, false);

            // Counted when it will fire: a test that sees it counted advances the clock at once.
            var hasChanged = Inner.Change(dueTime, period);
            lock (clock._pending)
            {
                if (!_hasFired)
                    clock.Count(this, dueTime != Timeout.InfiniteTimeSpan);
            }

            return hasChanged;
        }

        public void Dispose()
        {
            clock.Count(this, false);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
