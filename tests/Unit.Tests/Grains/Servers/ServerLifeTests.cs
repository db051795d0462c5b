using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Grains.Servers;

public sealed class ServerLifeTests
{
    [Fact]
    public void A_server_that_is_not_started_rejects_requests()
    {
        var server = new ServerUnderTest(start: false);
        var answer = Assert.Single(server.Submit(new TestRequest(1, "echo")));
        Assert.Equal((ResponseStatus.Rejected, RejectReason.NotStarted), (answer.Status, answer.Reason));
        Assert.Equal(ServerStatus.Starting, server.Report.Status);
    }

    [Fact]
    public void A_second_start_changes_nothing()
    {
        var server = new ServerUnderTest();
        server.Time.Advance(TimeSpan.FromSeconds(2));
        server.Server.Start(incarnation: 99);
        Assert.Equal((1, 2000), (server.Report.Incarnation, server.Report.ReadyForMs));
    }

    [Fact]
    public void A_draining_server_finishes_its_requests_and_accepts_no_more()
    {
        var server = new ServerUnderTest();
        server.Submit(new TestRequest(1, "held"), new TestRequest(2, "held"));
        server.Server.Drain();
        Assert.Equal(ServerStatus.Draining, server.Report.Status);
        Assert.Equal(RejectReason.Draining, Assert.Single(server.Submit(new TestRequest(3, "echo"))).Reason);

        server.Finish(1);
        Assert.Equal(ServerStatus.Draining, server.Report.Status);
        server.Finish(2);
        Assert.Equal(ServerStatus.Stopped, server.Report.Status);
        Assert.Equal([ResponseStatus.Ok, ResponseStatus.Ok], [server.StatusOf(1), server.StatusOf(2)]);
    }

    [Fact]
    public void An_idle_server_stops_at_once_when_it_drains()
    {
        var server = new ServerUnderTest();
        server.Submit(new TestRequest(1, "echo"));
        server.Server.Drain();
        Assert.Equal(ServerStatus.Stopped, server.Report.Status);
    }

    [Fact]
    public void A_drain_that_times_out_rejects_waiting_requests()
    {
        var server = new ServerUnderTest(new ServerSettings { DrainTimeoutMs = 300 });
        server.Submit(new TestRequest(1, "held", TimeLeftMs: 5000), new TestRequest(2, "held", TimeLeftMs: 5000));
        server.Server.Drain();
        server.Advance(299);
        Assert.Empty(server.Answers);
        server.Advance(1);
        Assert.Equal(ResponseStatus.Rejected, server.StatusOf(2));
        server.Finish(1);
        Assert.Equal((ResponseStatus.Ok, ServerStatus.Stopped), (server.StatusOf(1), server.Report.Status));
    }

    [Fact]
    public void A_hung_worker_does_not_keep_a_draining_server_from_stopping()
    {
        var server = new ServerUnderTest();
        server.Submit(new TestRequest(1, "held", TimeLeftMs: 50));
        server.Server.Drain();
        server.Advance(50);
        Assert.Equal((ResponseStatus.Expired, ServerStatus.Stopped), (server.StatusOf(1), server.Report.Status));
    }

    [Fact]
    public void A_stopping_silo_rejects_waiting_requests_at_once()
    {
        var server = new ServerUnderTest();
        server.Submit(new TestRequest(1, "held"), new TestRequest(2, "held"), new TestRequest(3, "echo"));
        server.Server.GiveBack();
        server.Push();
        Assert.Equal([2, 3], server.Answers.Select(answer => answer.Ticket));
        Assert.All(server.Answers, answer => Assert.Equal((ResponseStatus.Rejected, RejectReason.Draining), (answer.Status, answer.Reason)));
        server.Finish(1);
        Assert.Equal(ServerStatus.Stopped, server.Report.Status);
    }

    [Fact]
    public void A_killed_server_answers_nothing_and_cancels_its_handlers()
    {
        var server = new ServerUnderTest();
        server.Submit(new TestRequest(1, "held"), new TestRequest(2, "held"));
        server.WaitForHandler(1);
        server.Server.Abandon();
        ServerUnderTest.Until(() => server.Held.Of(1).Token.IsCancellationRequested, () => "the handler's token is cancelled");
        server.Held.Release(1);
        server.Advance(5000);
        Assert.Empty(server.Answers);
    }
}
