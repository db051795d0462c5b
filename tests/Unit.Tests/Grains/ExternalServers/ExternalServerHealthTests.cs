using Shortline.Grains.ExternalServers;

namespace Shortline.Unit.Tests.Grains.ExternalServers;

public sealed class ExternalServerHealthTests
{
    private const long Timeout = 3000;

    [Fact]
    public void A_reporting_external_server_is_out_after_one_timeout_and_forgotten_after_ten()
    {
        var health = New(reports: true);
        health.Begin(0);
        Answer(health, 0);
        Assert.False(health.IsOut(2999));
        Assert.True(health.IsOut(3000));
        Assert.False(health.IsForgotten(29_999));
        Assert.True(health.IsForgotten(30_000));

        health.Reported(20_000);
        Assert.False(health.IsOut(20_000));
        Assert.False(health.IsForgotten(49_999));
    }

    [Fact]
    public void Three_unanswered_probes_count_as_silence_until_one_is_answered()
    {
        var health = New(reports: true);
        health.Begin(0);
        for (var i = 0; i < 3; i++)
        {
            Assert.False(health.IsOut(i * 1000));
            health.Reported(i * 1000);
            Assert.True(health.IsProbeDue(i * 1000));
            health.Ask(i * 1000);
            Assert.False(health.IsProbeDue((i * 1000) + 999));
            health.NotAnswered(counts: true);
        }

        Assert.True(health.IsOut(2500));
        health.Reported(2600);
        Assert.True(health.IsOut(2600));

        // A probe is due as soon as the server reports.
        Assert.True(health.IsProbeDue(2600));
        Answer(health, 2600);
        Assert.False(health.IsOut(2600));
    }

    [Fact]
    public void Unanswered_probes_of_a_busy_external_server_do_not_count()
    {
        var health = New(reports: true);
        health.Begin(0);
        for (var i = 0; i < 10; i++)
        {
            health.Reported(i * 1000);
            health.Ask(i * 1000);
            health.NotAnswered(counts: false);
        }

        Assert.False(health.IsOut(9500));
    }

    [Fact]
    public void An_external_server_without_reports_is_in_from_its_first_answer_until_three_unanswered_probes()
    {
        var health = New(reports: false);
        health.Begin(0);
        Assert.True(health.IsOut(0));
        Answer(health, 0);
        Assert.False(health.IsOut(100_000));
        for (var i = 1; i <= 3; i++)
        {
            Assert.False(health.IsOut(i * 1000));
            health.Reported(i * 1000); // A report must not count.
            health.Ask(i * 1000);
            health.NotAnswered(counts: true);
        }

        Assert.True(health.IsOut(3000));
        Assert.True(health.IsForgotten(30_000));
        Answer(health, 4000);
        Assert.False(health.IsOut(4000));
        Assert.False(health.IsForgotten(33_999));
    }

    [Fact]
    public void Response_times_are_smoothed()
    {
        var health = New(reports: true);
        health.Begin(0);
        Answer(health, 0, took: 10);
        Assert.Equal(10, health.ResponseTimeMs);
        Answer(health, 1000, took: 20);
        Assert.Equal(12, health.ResponseTimeMs, 6);
    }

    [Fact]
    public void The_next_look_is_due_at_the_next_change()
    {
        var health = New(reports: true);
        health.Begin(0);
        Assert.Equal(0, health.NextLook(0));
        health.Ask(0);
        Assert.Equal(3000, health.NextLook(0));
        health.Answered(0, 5);
        Assert.Equal(1000, health.NextLook(5));
        Assert.Equal(30_000, health.NextLook(3000)); // The server is silent, so no probe is due.
    }

    [Fact]
    public void A_reporting_external_server_that_has_to_answer_first_is_out_until_it_does_and_again_at_another_address()
    {
        var health = New(reports: true, mustAnswer: true);
        health.Begin(0);
        health.Reported(0);
        Assert.True(health.IsOut(0));
        Assert.True(health.IsProbeDue(0));
        Answer(health, 0);
        Assert.False(health.IsOut(1));

        health.Moved();
        Assert.True(health.IsOut(1));
        health.Reported(2);
        Assert.True(health.IsProbeDue(2));
        Answer(health, 2);
        Assert.False(health.IsOut(3));
        Assert.True(health.IsOut(3002), "its reports have stopped");
    }

    private static ExternalServerHealth New(bool reports, bool? mustAnswer = null) => new(Timeout, reports, mustAnswer ?? !reports, frequency: 1000);

    private static void Answer(ExternalServerHealth health, long at, long took = 0)
    {
        health.Ask(at);
        health.Answered(at, at + took);
    }
}
