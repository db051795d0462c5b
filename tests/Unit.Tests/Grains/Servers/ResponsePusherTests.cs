using Microsoft.Extensions.Logging.Abstractions;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.Grains.Servers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Servers;

public sealed class ResponsePusherTests
{
    private readonly ServerUnderTest _server = new(new ServerSettings { Concurrency = 2 });
    private readonly LossyGateway _gateway = new();
    private readonly ResponsePusher _pusher;

    public ResponsePusherTests() => _pusher = new ResponsePusher("3", _server.Server, _server.Time, NullLogger.Instance);

    [Theory]
    [InlineData(Fate.Lost)]
    [InlineData(Fate.Failed)]
    public async Task Responses_that_the_gateway_does_not_acknowledge_are_pushed_again(object fate)
    {
        _gateway.Next = (Fate)fate;
        PushAnswerOf(1);
        Assert.Equal([1L], _gateway.Tickets);

        await UntilPushed(2);
        Assert.Equal([1L, 1], _gateway.Tickets);
        _server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([1L, 1], _gateway.Tickets);
    }

    [Fact]
    public async Task A_gateway_that_never_acknowledges_is_given_up()
    {
        _gateway.Always = Fate.Lost;
        PushAnswerOf(1);
        await UntilPushed(ResponsePusher.Attempts);
        _server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ResponsePusher.Attempts, _gateway.Tickets.Count);
    }

    [Fact]
    public async Task Later_responses_wait_a_moment_for_the_acknowledgement_of_earlier_ones()
    {
        _gateway.Next = Fate.Lost;
        PushAnswerOf(1);
        PushAnswerOf(2);
        PushAnswerOf(3);
        Assert.Equal([1L], _gateway.Tickets);

        _server.Time.Advance(ResponsePusher.LeastInterval);
        await Eventually.True(() => _gateway.Tickets.Count == 3, "the responses that waited are pushed");
        Assert.Equal([1L, 2, 3], _gateway.Tickets);
        Assert.Equal(2, _gateway.Pushes);
    }

    /// <summary>Lets a request run to its end and pushes its answer.</summary>
    private void PushAnswerOf(long ticket)
    {
        _server.Server.Submit(TestRequest.Batch("gateway", [new TestRequest(ticket, HeldHandler.Operation, TimeLeftMs: 60_000)]), _gateway);
        _server.FinishUnpushed(ticket);
        _pusher.PushAll();
    }

    private Task UntilPushed(int times) => Eventually.True(
        () =>
        {
            // In small steps: a continuation of the last one may still be on its way to its next wait.
            _server.Time.Advance(ResponsePusher.LeastInterval);
            return _gateway.Tickets.Count >= times;
        },
        $"the responses are pushed {times} times");

    /// <summary>What happens to a push.</summary>
    private enum Fate
    {
        Acknowledged,
        Lost,
        Failed,
    }

    private sealed class LossyGateway : IGatewayObserver
    {
        private readonly List<long> _tickets = [];

        public Fate Always { get; set; }

        public Fate Next { get; set; }

        public int Pushes { get; private set; }

        public IReadOnlyList<long> Tickets
        {
            get
            {
                lock (_tickets)
                    return [.. _tickets];
            }
        }

        public Task OnResponses(ResponseBatch responses)
        {
            lock (_tickets)
            {
                _tickets.AddRange(Answer.Of(responses).Select(answer => answer.Ticket));
                Pushes++;
            }

            var fate = Next == Fate.Acknowledged ? Always : Next;
            Next = Fate.Acknowledged;
            return fate switch
            {
                Fate.Lost => new TaskCompletionSource().Task,
                Fate.Failed => Task.FromException(new InvalidOperationException("the silo is gone")),
                _ => Task.CompletedTask,
            };
        }

        public Task OnRanking(ServerRanking ranking) => Task.CompletedTask;
    }
}
