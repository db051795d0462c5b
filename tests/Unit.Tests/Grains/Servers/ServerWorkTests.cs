using Microsoft.Extensions.Time.Testing;
using Shortline.GrainInterfaces.Requests;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Grains.Servers;

public sealed class ServerWorkTests
{
    [Fact]
    public void A_request_is_returned_if_more_wait_than_its_gateway_expects()
    {
        var server = new ServerUnderTest();
        Assert.Empty(server.Submit(new TestRequest(1, "held", ReturnFrom: 1), new TestRequest(2, "held", ReturnFrom: 2)));
        var returned = Assert.Single(server.Submit(new TestRequest(3, "echo", ReturnFrom: 2), new TestRequest(4, "echo", ReturnFrom: 3), new TestRequest(5, "echo")));
        Assert.Equal((3, ResponseStatus.Rejected, RejectReason.Shared), (returned.Ticket, returned.Status, returned.Reason));
        Assert.Equal((3, 1), (server.Server.QueueLength, server.Server.InService));
        server.Held.ReleaseAll();
    }

    [Fact]
    public void Inline_work_is_answered_with_the_receipt()
    {
        var server = new ServerUnderTest();
        var answers = server.Submit(new TestRequest(1, "echo", """{"a":1}"""), new TestRequest(2, "echo"), new TestRequest(3, "echo", "[2]"));
        Assert.Equal([(1, """{"a":1}"""), (2, "null"), (3, "[2]")], answers.Select(answer => (answer.Ticket, answer.Body)));
        Assert.All(answers, answer => Assert.Equal(ResponseStatus.Ok, answer.Status));
        Assert.Equal(3, server.Report.Completed);
    }

    [Fact]
    public void Bodies_are_stored_one_after_the_other()
    {
        var server = new ServerUnderTest();
        server.Submit(new TestRequest(1, "echo", "11"), new TestRequest(2, "nope"), new TestRequest(3, "echo", "333"), new TestRequest(4, "echo", "4", TimeLeftMs: 0));
        var end = 0;
        foreach (var response in server.LastBatch.Responses.Span)
        {
            Assert.Equal(end, response.Offset);
            end += response.Length;
        }

        Assert.Equal(end, server.LastBatch.Bytes.Length);
    }

    [Fact]
    public void Requests_beyond_the_workers_wait_in_order_of_arrival()
    {
        var server = new ServerUnderTest(new ServerSettings { Concurrency = 2 });
        Assert.Empty(server.Submit(new TestRequest(1, "held"), new TestRequest(2, "held"), new TestRequest(3, "held"), new TestRequest(4, "echo", "4"), new TestRequest(5, "held")));
        Assert.Equal((3, 2), (server.Report.QueueLength, server.Report.InService));

        server.Finish(2);
        server.WaitForHandler(3);
        server.Finish(1); // The worker takes request 4, which completes at once, and then 5.
        server.WaitForHandler(5);
        Assert.Equal([2, 1, 4], server.Answers.Select(answer => answer.Ticket));
        Assert.Equal((0, 2), (server.Report.QueueLength, server.Report.InService));
    }

    [Fact]
    public void A_full_queue_rejects_with_its_reason()
    {
        var server = new ServerUnderTest(new ServerSettings { QueueLimit = 1 });
        var answer = Assert.Single(server.Submit(new TestRequest(1, "held"), new TestRequest(2, "held"), new TestRequest(3, "echo")));
        Assert.Equal((3, ResponseStatus.Rejected, RejectReason.QueueFull), (answer.Ticket, answer.Status, answer.Reason));
        Assert.Equal((1, 0), (server.Report.Rejected, server.Report.Completed));
    }

    [Fact]
    public void The_error_for_an_unknown_operation_names_the_known_ones()
    {
        var server = new ServerUnderTest();
        var answer = Assert.Single(server.Submit(new TestRequest(1, "mill")));
        Assert.Equal(ResponseStatus.Invalid, answer.Status);
        Assert.Equal("unknown operation 'mill': known are compute, directory, echo, file, hash, held", answer.Body);
    }

    [Fact]
    public void A_long_unknown_name_is_cut_in_the_error()
    {
        var server = new ServerUnderTest(configure: services =>
        {
            for (var i = 0; i < 100; i++)
                services.AddWorkHandler($"operation_{i:000}", (_, _, _) => new(WorkOutcome.Ok));
        });
        Assert.InRange(Assert.Single(server.Submit(new TestRequest(1, new string('x', 5000)))).Body.Length, 1, 400);
    }

    [Fact]
    public void A_server_copies_the_requests_that_it_keeps_of_a_batch()
    {
        var server = new ServerUnderTest();
        var batch = TestRequest.Batch("gateway", new TestRequest(1, "held", "\"mine\""), new TestRequest(2, "echo", "\"too\""));
        server.Server.Submit(batch, new RecordingGateway());
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(batch.Bytes, out var bytes));
        bytes.AsSpan().Fill((byte)'X');

        server.Finish(1);
        Assert.Equal(["\"mine\"", "\"too\""], server.Answers.Select(answer => answer.Body));
    }

    [Fact]
    public void A_batch_reports_the_share_of_the_load_from_its_gateway()
    {
        var server = new ServerUnderTest();
        server.SubmitFrom("a", new TestRequest(1, "held"), new TestRequest(2, "held"));
        Assert.Equal((1, 1, 2), (server.LastBatch.QueueLength, server.LastBatch.InService, server.LastBatch.OfThisGateway));
        server.SubmitFrom("b", new TestRequest(3, "held"));
        Assert.Equal((2, 1, 1), (server.LastBatch.QueueLength, server.LastBatch.InService, server.LastBatch.OfThisGateway));
        var sequence = server.LastBatch.Sequence;
        server.Finish(1);
        Assert.Equal((1, 1, 1), (server.LastBatch.QueueLength, server.LastBatch.InService, server.LastBatch.OfThisGateway));
        Assert.True(server.LastBatch.Sequence > sequence);
        Assert.True(server.Report.Sequence > server.LastBatch.Sequence);
    }

    [Fact]
    public void Idle_gateways_are_forgotten()
    {
        var server = new ServerUnderTest();
        server.SubmitFrom("gone", new TestRequest(1, "echo"));
        server.SubmitFrom("waiting", new TestRequest(2, "held"));
        server.Time.Advance(TimeSpan.FromSeconds(1));
        server.SubmitFrom("here", new TestRequest(3, "echo"));
        server.Server.Gateways.Forget(before: server.Time.GetTimestamp());
        Assert.Equal(2, server.Server.Gateways.Count);
    }

    [Fact]
    public void The_time_that_requests_have_been_here_is_reported()
    {
        var server = new ServerUnderTest();
        server.Submit(new TestRequest(1, "held", TimeLeftMs: 10_000), new TestRequest(2, "held", TimeLeftMs: 150));
        server.WaitForHandler(1);
        server.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(200, server.Report.PresenceMs);

        server.Advance(50); // request 2 expires in the queue
        Assert.Equal(300, server.Report.PresenceMs);

        server.Time.Advance(TimeSpan.FromMilliseconds(1000));
        server.Finish(1);
        server.Time.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.Equal(1300, server.Report.PresenceMs);
    }

    [Fact]
    public void A_request_that_runs_inline_has_been_here_for_its_service_time()
    {
        var server = new ServerUnderTest(configure: services => services.AddWorkHandler<TakesTime>("slow"));

        server.Submit(new TestRequest(1, "slow", TimeLeftMs: 1000), new TestRequest(2, "slow", TimeLeftMs: 1000));

        Assert.Equal(60, server.Report.PresenceMs);
    }

    [Fact]
    public void The_service_time_is_in_each_answer_and_its_average_is_smoothed()
    {
        var server = new ServerUnderTest();
        server.Submit(new TestRequest(1, "held", TimeLeftMs: 10_000));
        server.WaitForHandler(1);
        server.Time.Advance(TimeSpan.FromMilliseconds(100));
        server.Finish(1);
        Assert.Equal(100_000, server.Answers[^1].ServiceTimeUs);
        Assert.Equal(100, server.Report.ServiceTimeMs);

        server.Submit(new TestRequest(2, "held", TimeLeftMs: 10_000));
        server.WaitForHandler(2);
        server.Time.Advance(TimeSpan.FromMilliseconds(200));
        server.Finish(2);
        Assert.Equal(105, server.Report.ServiceTimeMs, 9);
    }

    /// <summary>Takes 30 ms.</summary>
    private sealed class TakesTime(TimeProvider time) : IWorkHandler
    {
        public bool RunsInline => true;

        public ValueTask<WorkOutcome> Handle(WorkRequest request, System.Buffers.IBufferWriter<byte> result, CancellationToken cancellationToken)
        {
            ((FakeTimeProvider)time).Advance(TimeSpan.FromMilliseconds(30));
            return new(WorkOutcome.Ok);
        }
    }
}
