using System.Text;
using Shortline.Gateway.Tcp;
using Shortline.Interleaving.Tests.Exploration;
using Interlocked = Shortline.Gateway.Interlocked;
using Volatile = Shortline.Gateway.Volatile;

namespace Shortline.Interleaving.Tests.Gateway;

/// <summary>Threads add answers while the writer of a connection takes them and finds none, and while the connection ends.</summary>
public sealed class UnreadAnswersTests
{
    [Fact]
    public void Every_answer_is_taken_and_the_writer_ends_whenever_the_client_closes_its_side() => Schedules.Explore(() =>
    {
        var connection = new Connection(requests: 3);
        Operations.Start(
            () => connection.Answer("1"),
            () => connection.Answer("2", "3"),
            connection.CloseSide);
        Operations.Join();
        Assert.Equal(["1", "2", "3"], connection.Lines.Order());
        Assert.True(connection.HasEnded, "The writer ends after the last answer.");
    });

    [Fact]
    public void A_request_that_needs_no_answer_ends_the_writer_too() => Schedules.Explore(() =>
    {
        var connection = new Connection(requests: 2);
        Operations.Start(
            () => connection.Answer("1"),
            connection.RemoveUnanswered,
            connection.CloseSide);
        Operations.Join();
        Assert.Equal(["1"], connection.Lines);
        Assert.True(connection.HasEnded, "The writer ends after the last answer.");
    });

    [Fact]
    public void The_writer_and_the_reader_end_when_the_connection_is_closed() => Schedules.Explore(() =>
    {
        var connection = new Connection(requests: 2);
        var large = new string('x', 300 * 1024);
        var drained = Task.CompletedTask;
        Operations.Start(
            () => connection.Answer(large),
            () => drained = connection.Answers.Drained(),
            connection.Answers.Close);
        Operations.Join();
        Assert.True(connection.HasEnded, "The writer ends.");
        Assert.True(drained.IsCompleted, "The reader goes on.");
    });

    [Fact]
    public void The_reader_goes_on_when_the_answers_are_taken() => Schedules.Explore(() =>
    {
        var connection = new Connection(requests: 2);
        var large = new string('x', 300 * 1024);
        var drained = Task.CompletedTask;
        Operations.Start(
            () => connection.Answer(large),
            () => connection.Answer("2"),
            () => drained = connection.Answers.Drained());
        Operations.Join();
        Assert.True(drained.IsCompleted);
    });

    /// <summary>Uses the answers as <see cref="TcpConnection"/> does, without a socket.</summary>
    private sealed class Connection
    {
        private readonly Task _writer;
        private int _unanswered;
        private bool _endAfterAnswers;

        public Connection(int requests)
        {
            _unanswered = requests;
            Answers = new UnreadAnswers(() => Volatile.Read(ref _endAfterAnswers) && Volatile.Read(ref _unanswered) == 0);
            _writer = WriteAnswers();
        }

        public UnreadAnswers Answers { get; }

        public List<string> Lines { get; } = [];

        public bool HasEnded => _writer.IsCompletedSuccessfully;

        public void Answer(params string[] answers)
        {
            var wake = false;
            foreach (var answer in answers)
            {
                wake |= Answers.Add(Encoding.UTF8.GetBytes(answer));
                RemoveUnanswered();
            }

            if (wake)
                Answers.Wake();
        }

        public void RemoveUnanswered()
        {
            if (Interlocked.Decrement(ref _unanswered) == 0 && Volatile.Read(ref _endAfterAnswers))
                Operations.Start(Answers.WakeIfAsleep);
        }

        public void CloseSide()
        {
            Volatile.Write(ref _endAfterAnswers, true);
            Answers.WakeIfAsleep();
        }

        private async Task WriteAnswers()
        {
            var buffer = new byte[16];
            while (true)
            {
                await Answers.Woken().ConfigureAwait(false);
                var count = Answers.Take(ref buffer);
                for (; count > 0; count = Answers.Take(ref buffer))
                    Lines.AddRange(Encoding.UTF8.GetString(buffer, 0, count).Split('\n', StringSplitOptions.RemoveEmptyEntries));
                if (count == UnreadAnswers.End)
                    return;
            }
        }
    }
}
