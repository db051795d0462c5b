using System.Buffers;
using System.Text;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp;

namespace Shortline.Unit.Tests.Gateway.Tcp;

public class UnreadAnswersTests
{
    [Fact]
    public void An_answer_is_one_line_whatever_its_result_contains()
    {
        var answers = new UnreadAnswers(() => false);
        answers.Add("{\"id\":1,\"result\":{\n  \"a\": \"\\n\",\r\n  \"b\": 2\r}}"u8);
        answers.Add("{\"id\":2}"u8);
        var taken = new byte[16];

        var count = answers.Take(ref taken);

        Assert.Equal("{\"id\":1,\"result\":{   \"a\": \"\\n\",    \"b\": 2 }}\n{\"id\":2}\n", Encoding.UTF8.GetString(taken.AsSpan(0, count)));
    }

    [Fact]
    public void Unread_answers_of_all_connections_take_no_more_memory_than_there_is()
    {
        var memory = new MemoryBudget(100_000);
        var (first, second) = (new UnreadAnswers(() => false, memory), new UnreadAnswers(() => false, memory));
        first.Add(new byte[60_000]);
        Assert.InRange(memory.Used, 60_000, 65_536);

        second.Add(new byte[60_000]);
        Assert.Equal((false, true), (first.IsOverfull, second.IsOverfull));

        second.Close();
        var sent = new byte[16];
        Assert.Equal(60_001, first.Take(ref sent));
        Assert.Equal(0, first.Take(ref sent));
        first.Close();
        Assert.Equal(0, memory.Used);
    }

    [Fact]
    public void A_large_buffer_that_was_sent_gives_its_memory_back()
    {
        var memory = new MemoryBudget(1_000_000);
        var answers = new UnreadAnswers(() => false, memory);
        answers.Add(new byte[200_000]);
        var sent = ArrayPool<byte>.Shared.Rent(UnreadAnswers.UsualBuffer);
        answers.Take(ref sent);
        answers.Add("1"u8);

        answers.Take(ref sent);

        Assert.Equal(0, memory.Used);
    }

    /// <summary>
    /// A client sends one request and closes its side. Its answer comes while the sender, woken by that end, finds nothing to send. Of 30,000
    /// such connections several lost their answer.
    /// </summary>
    [Fact]
    public async Task The_last_answer_is_taken_whenever_it_comes()
    {
        const int Connections = 3_000;
        var (connection, answered, taken) = (new LastAnswer(), 0, 0);
        using var begin = new Barrier(participantCount: 3, _ => connection = new LastAnswer());
        using var end = new Barrier(participantCount: 3);
        var threads = new Action[]
        {
            () => answered += connection.Answer(),
            () => connection.CloseSide(),
            () => taken += connection.TakeAll(),
        };
        await Task.WhenAll(threads.Select(work => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Connections; i++)
                {
                    begin.SignalAndWait();
                    work();
                    end.SignalAndWait();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.Equal((Connections, Connections), (answered, taken));
    }

    /// <summary>The last answer of a connection: as <see cref="TcpConnection"/> handles it, without a socket.</summary>
    private sealed class LastAnswer
    {
        private readonly UnreadAnswers _answers;
        private int _unanswered = 1;
        private bool _isSideClosed;

        public LastAnswer() => _answers = new UnreadAnswers(() => Volatile.Read(ref _isSideClosed) && Volatile.Read(ref _unanswered) == 0);

        public int Answer()
        {
            var wake = _answers.Add("1"u8);
            if (Interlocked.Decrement(ref _unanswered) == 0 && Volatile.Read(ref _isSideClosed))
                _answers.WakeIfAsleep();
            if (wake)
                _answers.Wake();
            return 1;
        }

        public void CloseSide()
        {
            Volatile.Write(ref _isSideClosed, true);
            _answers.WakeIfAsleep();
        }

        public int TakeAll()
        {
            var (lines, buffer) = (0, new byte[16]);
            while (true)
            {
                _answers.Woken().AsTask().Wait();
                var count = _answers.Take(ref buffer);
                for (; count > 0; count = _answers.Take(ref buffer))
                    lines += count / "1\n".Length;
                if (count == UnreadAnswers.End)
                    return lines;
            }
        }
    }
}
