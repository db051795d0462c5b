using Shortline.GrainInterfaces.Requests;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Grains.Servers;

public sealed class ServerWorkTests
{
    [Fact]
    public void Inline_work_is_answered_with_the_receipt()
    {
        var server = new ServerUnderTest();
        var answers = server.Submit(new Ask(1, "echo", """{"a":1}"""), new Ask(2, "echo"), new Ask(3, "echo", "[2]"));
        Assert.Equal([(1, """{"a":1}"""), (2, "null"), (3, "[2]")], answers.Select(answer => (answer.Ticket, answer.Body)));
        Assert.All(answers, answer => Assert.Equal(ResponseStatus.Ok, answer.Status));
        Assert.Equal(3, server.Report.Completed);
    }

    [Fact]
    public void Bodies_follow_one_another()
    {
        var server = new ServerUnderTest();
        server.Submit(new Ask(1, "echo", "11"), new Ask(2, "nope"), new Ask(3, "echo", "333"), new Ask(4, "echo", "4", TimeLeftMs: 0));
        var end = 0;
        foreach (var response in server.LastBatch.Responses.Span)
        {
            Assert.Equal(end, response.Offset);
            end += response.Length;
        }

        Assert.Equal(end, server.LastBatch.Bytes.Length);
    }

    [Fact]
    public void Work_beyond_the_workers_waits_in_order_of_arrival()
    {
        var server = new ServerUnderTest(new ServerSettings { Concurrency = 2 });
        Assert.Empty(server.Submit(new Ask(1, "held"), new Ask(2, "held"), new Ask(3, "held"), new Ask(4, "echo", "4"), new Ask(5, "held")));
        Assert.Equal((3, 2), (server.Report.QueueLength, server.Report.InService));

        server.Finish(2);
        server.Begun(3);
        server.Finish(1); // the worker takes 4, which completes at once, then 5
        server.Begun(5);
        Assert.Equal([2, 1, 4], server.Answers.Select(answer => answer.Ticket));
        Assert.Equal((0, 2), (server.Report.QueueLength, server.Report.InService));
    }

    [Fact]
    public void A_full_queue_rejects_and_says_so()
    {
        var server = new ServerUnderTest(new ServerSettings { QueueLimit = 1 });
        var answer = Assert.Single(server.Submit(new Ask(1, "held"), new Ask(2, "held"), new Ask(3, "echo")));
        Assert.Equal((3, ResponseStatus.Rejected, RejectReason.QueueFull), (answer.Ticket, answer.Status, answer.Reason));
        Assert.Equal((1, 0), (server.Report.Rejected, server.Report.Completed));
    }

    [Fact]
    public void An_unknown_operation_is_invalid_and_the_known_ones_are_named()
    {
        var server = new ServerUnderTest();
        var answer = Assert.Single(server.Submit(new Ask(1, "mill")));
        Assert.Equal(ResponseStatus.Invalid, answer.Status);
        Assert.Equal("unknown operation 'mill': known are compute, directory, echo, file, hash, held", answer.Body);
    }

    [Fact]
    public void An_unknown_name_is_cut_in_the_error()
    {
        var server = new ServerUnderTest(configure: services =>
        {
            for (var i = 0; i < 100; i++)
                services.AddWorkHandler($"operation_{i:000}", (_, _, _) => new(WorkOutcome.Ok));
        });
        Assert.InRange(Assert.Single(server.Submit(new Ask(1, new string('x', 5000)))).Body.Length, 1, 400);
    }

    [Fact]
    public void A_server_copies_what_it_keeps_of_a_batch()
    {
        var server = new ServerUnderTest();
        var batch = Ask.Batch("gateway", new Ask(1, "held", "\"mine\""), new Ask(2, "echo", "\"too\""));
        server.Server.Submit(batch, new RecordingGateway());
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(batch.Bytes, out var bytes));
        bytes.AsSpan().Fill((byte)'X');

        server.Finish(1);
        Assert.Equal(["\"mine\"", "\"too\""], server.Answers.Select(answer => answer.Body));
    }

    [Fact]
    public void Batches_say_how_much_of_the_load_came_from_their_gateway()
    {
        var server = new ServerUnderTest();
        server.SubmitFrom("a", new Ask(1, "held"), new Ask(2, "held"));
        Assert.Equal((1, 1, 2), (server.LastBatch.QueueLength, server.LastBatch.InService, server.LastBatch.OfThisGateway));
        server.SubmitFrom("b", new Ask(3, "held"));
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
        server.SubmitFrom("gone", new Ask(1, "echo"));
        server.SubmitFrom("waiting", new Ask(2, "held"));
        server.Time.Advance(TimeSpan.FromSeconds(1));
        server.SubmitFrom("here", new Ask(3, "echo"));
        server.Server.Gateways.Forget(before: server.Time.GetTimestamp());
        Assert.Equal(2, server.Server.Gateways.Count);
    }

    [Fact]
    public void Service_time_is_smoothed_and_part_of_each_answer()
    {
        var server = new ServerUnderTest();
        server.Submit(new Ask(1, "held", TimeLeftMs: 10_000));
        server.Begun(1);
        server.Time.Advance(TimeSpan.FromMilliseconds(100));
        server.Finish(1);
        Assert.Equal(100_000, server.Answers[^1].ServiceTimeUs);
        Assert.Equal(100, server.Report.ServiceTimeMs);

        server.Submit(new Ask(2, "held", TimeLeftMs: 10_000));
        server.Begun(2);
        server.Time.Advance(TimeSpan.FromMilliseconds(200));
        server.Finish(2);
        Assert.Equal(105, server.Report.ServiceTimeMs, 9);
    }
}
