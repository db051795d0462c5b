using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Balancing;

public sealed class DeadlineQueueTests
{
    [Fact]
    public void The_queue_behaves_like_a_bounded_list() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(int Kind, int Deadline)[]>(), ArbMap.Default.ArbFor<PositiveInt>(), (steps, limit) =>
        {
            var bound = limit.Get % 40 + 1;
            var queue = new DeadlineQueue<int>(bound);
            var model = new List<(int Item, int Deadline)>();
            for (var step = 0; step < steps.Length; step++)
            {
                var (kind, deadline) = steps[step];
                switch (Math.Abs((long)kind) % 5)
                {
                    case 0:
                        var taken = queue.TryDequeue(out var item);
                        Assert.Equal(model.Count > 0, taken);
                        if (taken)
                        {
                            Assert.Equal(model[0].Item, item);
                            model.RemoveAt(0);
                        }

                        break;
                    case 1:
                        var expired = new List<int>();
                        queue.RemoveExpired(deadline, expired);
                        Assert.Equal(model.Where(entry => entry.Deadline <= deadline).Select(entry => entry.Item), expired);
                        model.RemoveAll(entry => entry.Deadline <= deadline);
                        break;
                    default:
                        Assert.Equal(model.Count < bound, queue.TryEnqueue(step, deadline));
                        if (model.Count < bound)
                            model.Add((step, deadline));

                        break;
                }

                Assert.Equal(model.Count, queue.Count);
                Assert.All(model, entry => Assert.True(queue.EarliestDeadline <= entry.Deadline));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_empty_queue_has_no_earliest_deadline()
    {
        var queue = new DeadlineQueue<string>(3);
        Assert.True(queue.TryEnqueue("a", 5));
        Assert.Equal(5, queue.EarliestDeadline);
        Assert.True(queue.TryDequeue(out _));
        Assert.Equal(long.MaxValue, queue.EarliestDeadline);
    }

    [Fact]
    public void An_item_expires_at_its_deadline()
    {
        var queue = new DeadlineQueue<string>(3);
        Assert.True(queue.TryEnqueue("at", 10));
        Assert.True(queue.TryEnqueue("after", 11));
        var expired = new List<string>();
        queue.RemoveExpired(10, expired);
        Assert.Equal(["at"], expired);
        Assert.Equal(11, queue.EarliestDeadline);
    }

    [Fact]
    public void The_queue_allocates_nothing_after_it_has_grown()
    {
        var queue = new DeadlineQueue<object>(100);
        var item = new object();
        var expired = new List<object>(100);
        Assert.Equal(0, Allocation.Of(FillAndDrain));

        void FillAndDrain()
        {
            for (var i = 0; i < 100; i++)
                queue.TryEnqueue(item, i);

            for (var i = 0; i < 30; i++)
                queue.TryDequeue(out _);

            expired.Clear();
            queue.RemoveExpired(1000, expired);
        }
    }
}
