using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shortline.Gateway.Requests;
using Shortline.Protocol.Requests;

namespace Shortline.Unit.Tests.Gateway.Requests;

public class RequestTableTests
{
    private enum Step
    {
        Begin,
        End,
        EndUnanswered,
        Tick,
    }

    [Fact]
    public void The_table_finds_the_same_requests_as_a_dictionary()
    {
        var step = Gen.Elements(Step.Begin, Step.Begin, Step.End, Step.EndUnanswered, Step.Tick);
        var steps = step.Zip(Gen.Choose(0, 30)).ListOf(400);
        Prop.ForAll(steps.ToArbitrary(), Agrees).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void An_old_ticket_of_a_reused_slot_finds_nothing()
    {
        var table = new RequestTable(10, 10, 1000);
        var first = Begin(table, 1, now: 0)!;
        var ticket = first.Ticket;
        table.End(first, "answer"u8, now: 1);
        var second = Begin(table, 2, now: 2)!;

        Assert.Same(first, second);
        Assert.False(table.TryGet(ticket, out _));
        Assert.True(table.TryGet(second.Ticket, out _));
    }

    [Fact]
    public void Long_requests_take_memory_twice_until_they_end()
    {
        var memory = new MemoryBudget(1024 * 1024);
        var table = new RequestTable(100, answerLimit: 0, 1000, memory: memory);
        var requests = Enumerable.Range(0, 8).Select(number => Begin(table, number, now: 0, bytes: 40_000)!).ToList();
        Assert.Equal(memory.Limit, memory.Used);
        Assert.Null(Begin(table, 8, now: 0, bytes: 40_000));
        Assert.NotNull(Begin(table, 9, now: 0));

        table.End(requests[0], "answer"u8, now: 1);
        table.EndUnanswered(requests[1]);
        Assert.NotNull(Begin(table, 8, now: 1, bytes: 40_000));
        table.ReleaseMemory();
        table.EndUnanswered(requests[2]);

        Assert.Equal(0, memory.Used);
        Assert.Null(Begin(table, 10, now: 1, bytes: 40_000));
    }

    [Fact]
    public void Kept_answers_take_at_most_a_quarter_of_the_memory_of_all_shards_together()
    {
        var memory = new MemoryBudget(1024 * 1024);

        var tables = Enumerable.Range(0, 4).Select(shard => new RequestTable(10, answerLimit: 10_000, 1000, shard, shards: 4, memory)).ToList();

        Assert.Equal(memory.Limit / 4, memory.Used);
        tables.ForEach(table => table.ReleaseMemory());
        Assert.Equal(0, memory.Used);
    }

    private static bool Agrees(IList<(Step Step, int Number)> steps)
    {
        const int InFlightLimit = 8;
        const int Window = 5;
        var table = new RequestTable(InFlightLimit, answerLimit: 6, Window);
        var inFlight = new Dictionary<int, PendingRequest>();
        var answered = new Dictionary<int, (string Answer, long At)>();
        var now = 0L;
        foreach (var (step, number) in steps)
        {
            var known = Knows(table, number, out var pending, out var answer);
            switch (step)
            {
                case Step.Begin when !known:
                    var slot = Begin(table, number, now);
                    if (slot is null != (inFlight.Count == InFlightLimit))
                    {
                        return false;
                    }

                    if (slot is not null)
                    {
                        inFlight[number] = slot;
                        answered.Remove(number);
                    }

                    break;
                case Step.Begin when pending is not null:
                    if (!inFlight.TryGetValue(number, out var expected) || expected != pending)
                    {
                        return false;
                    }

                    break;
                case Step.Begin:
                    // A kept answer must be the one that was given. The table may drop it early.
                    if (!answered.TryGetValue(number, out var remembered) || remembered.Answer != answer)
                    {
                        return false;
                    }

                    break;
                case Step.End when inFlight.Remove(number, out var ending):
                    var text = $"answer {number} at {now}";
                    table.End(ending, Encoding.UTF8.GetBytes(text), now);
                    answered[number] = (text, now);
                    break;
                case Step.EndUnanswered when inFlight.Remove(number, out var dropping):
                    table.EndUnanswered(dropping);
                    break;
                case Step.Tick:
                    now++;
                    table.ForgetOldAnswers(now);
                    if (answered.Any(one => now - one.Value.At >= Window && !inFlight.ContainsKey(one.Key) && Knows(table, one.Key, out _, out _)))
                    {
                        return false;
                    }

                    break;
            }

            if (table.Count != inFlight.Count || table.AnswersKept > 6 || inFlight.Any(one => !Knows(table, one.Key, out var there, out _) || there != one.Value))
            {
                return false;
            }
        }

        return true;
    }

    private static PendingRequest? Begin(RequestTable table, int number, long now, int bytes = 1)
    {
        RequestParser.Parse(Text(number, bytes), out var request);
        Span<byte> room = stackalloc byte[512];
        var key = RequestKey.Write(room, request, default);
        return table.Begin(request, key, RequestKey.Hash(key), default, now, now + 1000);
    }

    private static bool Knows(RequestTable table, int number, out PendingRequest? pending, out string answer)
    {
        RequestParser.Parse(Text(number), out var request);
        Span<byte> room = stackalloc byte[512];
        var key = RequestKey.Write(room, request, default);
        var known = table.TryFind(key, RequestKey.Hash(key), out pending, out var bytes);
        answer = Encoding.UTF8.GetString(bytes);
        return known;
    }

    private static byte[] Text(int number, int bytes = 1) =>
        Encoding.UTF8.GetBytes($$"""{"id":{{number}},"client_id":1,"operation":"echo","payload":"{{new string('x', bytes)}}"}""");
}
