using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.ExternalServers;

/// <summary>A server that represents an external server during an outage, with a fake clock.</summary>
public sealed class ExternalServerOutageTests
{
    private readonly ServerUnderTest _test = new(new ServerSettings { Concurrency = 1 });

    [Fact]
    public void An_outage_rejects_waiting_requests_and_later_those_in_service_are_given_up()
    {
        _test.Submit(new TestRequest(1, "held"), new TestRequest(2, "held"));
        _test.WaitForHandler(1);

        _test.Server.Suspend();
        _test.Push();
        Assert.Equal((2, ResponseStatus.Rejected, RejectReason.Draining), (_test.Answers[0].Ticket, _test.Answers[0].Status, _test.Answers[0].Reason));
        Assert.Equal((ServerStatus.Failed, 1, 1L), (_test.Server.Status, _test.Server.InService, _test.Server.Incarnation));

        _test.Server.LoseInService(incarnation: 2);
        Assert.True(_test.Server.IsIdle);
        _test.Finish(1);
        Assert.Single(_test.Answers);
        Assert.Equal((ServerStatus.Failed, 0, 2L), (_test.Report.Status, _test.Report.InService, _test.Report.Incarnation));
    }

    [Fact]
    public void Requests_are_rejected_during_an_outage_and_the_server_has_a_new_incarnation_after_it()
    {
        _test.Advance(5000);
        _test.Server.Suspend();
        Assert.Equal(RejectReason.Draining, Assert.Single(_test.Submit(new TestRequest(1, "echo"))).Reason);

        _test.Server.Resume(incarnation: 2);
        Assert.Equal((ServerStatus.Ready, 2L, 0L), (_test.Report.Status, _test.Report.Incarnation, _test.Report.ReadyForMs));
        Assert.Equal(ResponseStatus.Ok, Assert.Single(_test.Submit(new TestRequest(2, "echo", "1"))).Status);
    }

    [Fact]
    public void A_larger_concurrency_starts_waiting_requests_and_a_smaller_one_stops_none()
    {
        _test.Submit(new TestRequest(1, "held"), new TestRequest(2, "held"), new TestRequest(3, "held"));
        _test.Server.Adjust(concurrency: 3, weight: 5, queuedElsewhere: 4);
        _test.WaitForHandler(3);
        Assert.Equal((3, 4, 3, 5), (_test.Report.InService, _test.Report.QueueLength, _test.Report.Concurrency, _test.Report.Weight));

        _test.Server.Adjust(concurrency: 1, weight: 5, queuedElsewhere: 0);
        _test.Submit(new TestRequest(4, "held"));
        _test.Finish(1);
        _test.Finish(2);
        Assert.Equal((1, 1), (_test.Report.InService, _test.Report.QueueLength));
        _test.Finish(3);
        _test.Finish(4);
        Assert.Equal(4, _test.Answers.Count(answer => answer.Status == ResponseStatus.Ok));
    }
}
