using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>What a server refuses because it could not finish it in time.</summary>
public sealed class ServerOverloadTests
{
    [Theory]
    [InlineData(250, false)]
    [InlineData(350, true)]
    public void A_request_is_accepted_if_it_can_be_finished_in_time(int timeLeftMs, bool isAccepted)
    {
        // Half of the one in service, the one that waits, and the request with its deviation: 50 + 100 + 150 ms.
        var server = ServerThatTakes(100);
        server.Submit(Held(2), Held(3));

        var answers = server.Submit(Held(4, timeLeftMs));

        if (isAccepted)
            Assert.Empty(answers);
        else
            Assert.Equal((ResponseStatus.Rejected, RejectReason.Overloaded), (Assert.Single(answers).Status, answers[0].Reason));
        Assert.Equal(isAccepted ? 2 : 1, server.Report.QueueLength);
    }

    [Fact]
    public void Refused_requests_are_reported_each_once_in_the_fleet()
    {
        var server = ServerThatTakes(100);
        server.Submit(Held(2), Held(3));

        server.Submit(Held(4, 100), Held(5, 100));
        server.Submit(Held(6, 100) with { IsRetried = true });

        Assert.Equal((3, 2), (server.Report.Rejected, server.Report.Refused));
    }

    [Fact]
    public void Everything_waits_if_the_setting_says_so()
    {
        var server = ServerThatTakes(100, ServerSettings.Queue);
        server.Submit(Held(2), Held(3));

        Assert.Empty(server.Submit(Held(4, 1)));
        Assert.Equal(2, server.Report.QueueLength);
    }

    [Fact]
    public void Operations_are_judged_by_their_own_times()
    {
        var server = ServerThatTakes(100);
        server.Submit(Held(2));

        Assert.Equal(RejectReason.Overloaded, Assert.Single(server.Submit(Held(3, 100))).Reason);
        Assert.Empty(server.Submit(new TestRequest(4, "echo", TimeLeftMs: 100)));
    }

    [Fact]
    public void A_server_that_is_idle_tries_what_seems_too_long()
    {
        var server = ServerThatTakes(10_000);

        Assert.Empty(server.Submit(Held(2, 100)));
        server.Finish(2);
        Assert.Equal(ResponseStatus.Ok, server.StatusOf(2));
    }

    [Fact]
    public void A_waiting_request_that_cannot_be_finished_any_more_makes_room_for_others()
    {
        var server = ServerThatTakes(100);
        server.Submit(Held(2), Held(3, 350), Held(4, 5000));
        server.Advance(300);

        server.Finish(2);

        Assert.Equal((ResponseStatus.Rejected, RejectReason.Overloaded), (server.StatusOf(3), server.Answers.Single(answer => answer.Ticket == 3).Reason));
        server.Finish(4);
        Assert.Equal(ResponseStatus.Ok, server.StatusOf(4));
    }

    [Fact]
    public void An_overloaded_server_keeps_its_queue_short_and_serves_the_newest_first_until_it_is()
    {
        var server = ServerThatTakes(100);
        var ticket = 2L;
        server.Submit([.. Enumerable.Range(0, 20).Select(_ => Held(ticket++, 1500))]);
        for (var i = 0; i < 8; i++)
        {
            ServerUnderTest.Until(() => server.Held.Begun.Count == i + 2, () => $"{i + 2} handlers have begun, not {server.Held.Begun.Count}");
            server.Advance(100);
            server.Finish(long.Parse(server.Held.Begun.Last().Id));
            server.Submit(Held(ticket++, 1500));
        }

        var newest = ticket - 1;
        Assert.Contains(server.Answers, answer => answer.Reason == RejectReason.Overloaded);
        Assert.True(server.Report.QueueLength < 14, $"{server.Report.QueueLength} wait");
        Assert.True(server.Held.Begun.Max(call => long.Parse(call.Id)) > 12, $"{string.Join(' ', server.Held.Begun.Select(call => call.Id))}, the newest is {newest}");
    }

    [Fact]
    public void Waiting_requests_of_the_highest_priority_begin_first()
    {
        var server = new ServerUnderTest();
        server.Submit(Held(1), Held(2), Held(3) with { Priority = 0 }, Held(4) with { Priority = 9 }, Held(5) with { Priority = 9 });
        for (var begun = 1; begun <= 5; begun++)
        {
            ServerUnderTest.Until(() => server.Held.Begun.Count == begun, () => $"{begun} handlers have begun, not {server.Held.Begun.Count}");
            server.Finish(long.Parse(server.Held.Begun.Last().Id));
        }

        Assert.Equal(["1", "4", "5", "2", "3"], server.Held.Begun.Select(call => call.Id));
    }

    [Fact]
    public void Only_requests_of_the_same_or_a_higher_priority_count_as_waiting_before_another_one()
    {
        var server = ServerThatTakes(100);
        server.Submit(Held(2), Held(3), Held(4), Held(5));

        Assert.Equal(RejectReason.Overloaded, Assert.Single(server.Submit(Held(6, 250))).Reason);
        Assert.Empty(server.Submit(Held(7, 250) with { Priority = 9 }));
    }

    [Fact]
    public void A_full_queue_makes_room_for_a_request_of_a_higher_priority()
    {
        var server = new ServerUnderTest(new ServerSettings { QueueLimit = 2 });
        server.Submit(Held(1), Held(2) with { Priority = 1 }, Held(3) with { Priority = 1 });

        Assert.Equal(RejectReason.QueueFull, Assert.Single(server.Submit(Held(4) with { Priority = 1 })).Reason);
        Assert.Empty(server.Submit(Held(5)));
        server.Push();

        Assert.Equal((ResponseStatus.Rejected, RejectReason.QueueFull), (server.StatusOf(3), server.Answers.Single(answer => answer.Ticket == 3).Reason));
        Assert.Equal(2, server.Report.QueueLength);
    }

    private static TestRequest Held(long ticket, int timeLeftMs = 10_000) => new(ticket, "held", TimeLeftMs: timeLeftMs);

    /// <summary>A server that has completed one request, which took this long.</summary>
    private static ServerUnderTest ServerThatTakes(int milliseconds, string overload = ServerSettings.Refuse)
    {
        var server = new ServerUnderTest(new ServerSettings { Overload = overload });
        server.Submit(Held(1, 60_000));
        server.WaitForHandler(1);
        server.Advance(milliseconds);
        server.Finish(1);
        return server;
    }
}
