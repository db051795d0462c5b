using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing;

namespace Shortline.Unit.Tests.Balancing;

public sealed class PriorityDeadlineQueueTests
{
    [Fact]
    public void The_queue_behaves_like_a_bounded_list_that_is_ordered_by_priority() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(int Kind, int Deadline)[]>(), ArbMap.Default.ArbFor<PositiveInt>(), (steps, limit) =>
        {
            var bound = limit.Get % 40 + 1;
            var queue = new PriorityDeadlineQueue<int>(bound);
            var model = new List<Entry>();
            for (var step = 0; step < steps.Length; step++)
            {
                var (kind, deadline) = ((int)Math.Abs((long)steps[step].Kind), steps[step].Deadline);
                switch (kind % 8)
                {
                    case 0:
                        Take(queue.TryDequeue(out var oldest), oldest, model.MaxBy(entry => (entry.Priority, -entry.Item)));
                        break;
                    case 1:
                        Take(queue.TryTakeNewest(out var newest), newest, model.MaxBy(entry => (entry.Priority, entry.Item)));
                        break;
                    case 2:
                        Take(queue.TryTakeLast(out var last), last, model.MinBy(entry => (entry.Priority, -entry.Item)));
                        break;
                    case 3:
                        var expired = new List<int>();
                        queue.RemoveExpired(deadline, expired);
                        Assert.Equal(model.Where(entry => entry.Deadline <= deadline).Select(entry => entry.Item).Order(), expired.Order());
                        model.RemoveAll(entry => entry.Deadline <= deadline);
                        break;
                    default:
                        var priority = kind / 8 % PriorityDeadlineQueue<int>.Priorities;
                        Assert.Equal(model.Count < bound, queue.TryEnqueue(step, deadline, priority));
                        if (model.Count < bound)
                            model.Add(new Entry(step, deadline, priority));
                        break;
                }

                Assert.Equal(model.Count, queue.Count);
                Assert.Equal((model.Count == 0 ? -1 : model.Max(entry => entry.Priority), model.Count == 0 ? 10 : model.Min(entry => entry.Priority)), (queue.Highest, queue.Lowest));
                Assert.All(model, entry => Assert.True(queue.EarliestDeadline <= entry.Deadline));
            }

            void Take(bool isTaken, int item, Entry? expected)
            {
                Assert.Equal(expected is not null, isTaken);
                if (expected is null)
                    return;
                Assert.Equal(expected.Item, item);
                model.Remove(expected);
            }
        }).QuickCheckThrowOnFailure();

    private sealed record Entry(int Item, int Deadline, int Priority);
}
