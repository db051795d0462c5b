using Shortline.Gateway.Tcp;
using Shortline.Interleaving.Tests.Exploration;

namespace Shortline.Interleaving.Tests.Gateway;

/// <summary>Threads add answers while the writer takes them, the reader waits for it, and the connection is closed.</summary>
public sealed class UnreadAnswersTests
{
    /// <summary>More than may be unread while the connection reads requests.</summary>
    private const int Large = 300 * 1024;

    [Fact]
    public void Every_answer_is_taken() => Schedules.Explore(() =>
    {
        var connection = new Connection();
        Operations.Start(
            () => connection.Add(1),
            () => connection.Add(10),
            () => connection.Add(100, 1000));
        Operations.Join();
        Assert.Equal(1111 + 4, connection.Taken);
    });

    [Fact]
    public void The_reader_goes_on_when_the_answers_are_taken() => Schedules.Explore(
        () =>
        {
            var connection = new Connection();
            var drained = Task.CompletedTask;
            Operations.Start(
                () => connection.Add(Large),
                () => connection.Add(1),
                () => drained = connection.Answers.Drained());
            Operations.Join();
            Assert.True(drained.IsCompleted);
        },
        executions: 400);

    [Fact]
    public void The_writer_and_the_reader_end_when_the_connection_is_closed() => Schedules.Explore(
        () =>
        {
            var connection = new Connection();
            var drained = Task.CompletedTask;
            Operations.Start(
                () => connection.Add(Large),
                () => drained = connection.Answers.Drained(),
                connection.Answers.Close);
            Operations.Join();
            Assert.True(connection.HasEnded, "The writer ends.");
            Assert.True(drained.IsCompleted, "The reader goes on.");
        },
        executions: 400);

    /// <summary>The writer of <see cref="TcpConnection"/>, without a socket. Answers are known by their lengths.</summary>
    private sealed class Connection
    {
        private readonly Task _writer;

        public Connection() => _writer = WriteAnswers();

        public UnreadAnswers Answers { get; } = new(isComplete: () => false);

        /// <summary>The number of bytes taken, with the line breaks.</summary>
        public int Taken { get; private set; }

        public bool HasEnded => _writer.IsCompletedSuccessfully;

        public void Add(params int[] lengths)
        {
            var wake = false;
            foreach (var length in lengths)
                wake |= Answers.Add(new byte[length]);
            if (wake)
                Answers.Wake();
        }

        private async Task WriteAnswers()
        {
            var buffer = new byte[16];
            while (true)
            {
                await Answers.Woken().ConfigureAwait(false);
                var count = Answers.Take(ref buffer);
                for (; count > 0; count = Answers.Take(ref buffer))
                    Taken += count;
                if (count == UnreadAnswers.End)
                    return;
            }
        }
    }
}
