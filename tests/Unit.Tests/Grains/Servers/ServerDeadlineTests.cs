using Microsoft.Extensions.Time.Testing;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Grains.Servers;

public sealed class ServerDeadlineTests
{
    [Theory]
    [InlineData("echo")]
    [InlineData("held")]
    [InlineData("nope")]
    public void A_request_that_arrives_after_its_deadline_is_not_executed(string operation)
    {
        var server = new ServerUnderTest();
        Assert.Equal(ResponseStatus.Expired, Assert.Single(server.Submit(new TestRequest(1, operation, TimeLeftMs: 0))).Status);
        Assert.Empty(server.Held.Begun);
        Assert.Equal(1, server.Report.Expired);
    }

    [Fact]
    public void A_request_that_expires_in_the_queue_is_answered_at_once_and_never_executed()
    {
        var server = new ServerUnderTest();
        server.Submit(new TestRequest(1, "held", TimeLeftMs: 500), new TestRequest(2, "held", TimeLeftMs: 100), new TestRequest(3, "held", TimeLeftMs: 500));
        server.Advance(99);
        Assert.Empty(server.Answers);
        server.Advance(1);
        Assert.Equal(ResponseStatus.Expired, server.StatusOf(2));
        Assert.Equal(1, server.Report.QueueLength);

        server.Finish(1);
        server.Finish(3);
        Assert.DoesNotContain(server.Held.Begun, call => call.Id == "2");
    }

    [Fact]
    public void A_request_is_answered_at_its_deadline_while_its_handler_still_runs()
    {
        var server = new ServerUnderTest();
        server.Submit(new TestRequest(1, "held", TimeLeftMs: 50), new TestRequest(2, "held", TimeLeftMs: 5000));
        server.WaitForHandler(1);
        server.Advance(50);
        Assert.Equal(ResponseStatus.Expired, server.StatusOf(1));
        Assert.InRange(server.Answers.Single(answer => answer.Ticket == 1).ServiceTimeUs, 1, 50_000);
        ServerUnderTest.Until(() => server.Held.Of(1).Token.IsCancellationRequested, () => "the handler's token is cancelled");
        Assert.Equal((1, 1), (server.Report.QueueLength, server.Report.InService));
        Assert.Equal(1, server.LastBatch.OfThisGateway);

        server.Finish(1); // Too late: the request is answered already.
        server.Finish(2); // Its token is its own, not the cancelled one.
        Assert.Equal([1, 2], server.Answers.Select(answer => answer.Ticket));
        Assert.False(server.Held.Of(2).Token.IsCancellationRequested);
    }

    [Fact]
    public void A_worker_counts_as_hung_while_its_handler_outlives_the_request()
    {
        var server = new ServerUnderTest(new ServerSettings { Concurrency = 2, HungAfterMs = 1000 });
        server.Submit(new TestRequest(1, "held", TimeLeftMs: 50));
        server.WaitForHandler(1);
        server.Advance(50);
        server.Advance(999);
        Assert.Equal(0, server.Report.HungWorkers);
        server.Advance(1);
        Assert.Equal((1, ServerStatus.Ready), (server.Report.HungWorkers, server.Report.Status));
        server.Finish(1);
        Assert.Equal((0, 0), (server.Report.HungWorkers, server.Report.InService));
    }

    [Fact]
    public void A_server_whose_workers_all_hang_fails_and_rejects_waiting_requests()
    {
        var server = new ServerUnderTest(new ServerSettings { Concurrency = 1, HungAfterMs = 1000 });
        server.Submit(new TestRequest(1, "held", TimeLeftMs: 50), new TestRequest(2, "echo", TimeLeftMs: 5000));
        server.WaitForHandler(1);
        server.Advance(1050);
        Assert.Equal(ServerStatus.Failed, server.Report.Status);
        Assert.Equal((ResponseStatus.Expired, ResponseStatus.Rejected), (server.StatusOf(1), server.StatusOf(2)));
        Assert.Equal(RejectReason.Draining, Assert.Single(server.Submit(new TestRequest(3, "echo"))).Reason);

        server.Finish(1);
        Assert.Equal(ServerStatus.Failed, server.Report.Status); // Only the controller replaces the server.
    }

    [Fact]
    public void A_request_expires_at_its_deadline_in_the_middle_of_a_batch()
    {
        ServerUnderTest server = null!;
        server = new ServerUnderTest(configure: services => services.AddWorkHandler<SlowInline>("slow"));
        server.Submit(new TestRequest(1, "slow", TimeLeftMs: 50), new TestRequest(2, "slow", TimeLeftMs: 50));
        Assert.Equal((ResponseStatus.Ok, ResponseStatus.Expired), (server.StatusOf(1), server.StatusOf(2)));
    }

    [Fact]
    public void Compute_takes_the_given_time_and_stops_at_the_deadline()
    {
        var server = new ServerUnderTest(new ServerSettings { Concurrency = 2 });
        server.Submit(new TestRequest(1, "compute", """{"seconds":0.5}"""), new TestRequest(2, "compute", """{"seconds":3}"""));
        ServerUnderTest.Until(() => server.Time.PendingTimers == 2, () => "both computations begin");
        server.Advance(499);
        Assert.Empty(server.Answers);
        server.Advance(1);
        Assert.Equal((ResponseStatus.Ok, "null"), (server.WaitForAnswer(1).Status, server.WaitForAnswer(1).Body));
        server.Advance(500);
        Assert.Equal(ResponseStatus.Expired, server.StatusOf(2));
        ServerUnderTest.Until(
            () =>
            {
                server.Server.Collect();
                return server.Server.InService == 0;
            },
            () => "the computation stops");
        Assert.Empty(server.Log.Lines); // A cancelled handler is not a failure.
    }

    private sealed class SlowInline(TimeProvider time) : IWorkHandler
    {
        public bool RunsInline => true;

        public ValueTask<WorkOutcome> Handle(
            WorkRequest request, System.Buffers.IBufferWriter<byte> result, CancellationToken cancellationToken)
        {
            Assert.Equal(50, request.TimeLeft.TotalMilliseconds);
            ((FakeTimeProvider)time).Advance(TimeSpan.FromMilliseconds(60));
            Assert.Equal(TimeSpan.Zero, request.TimeLeft);
            return new(WorkOutcome.Ok);
        }
    }
}
