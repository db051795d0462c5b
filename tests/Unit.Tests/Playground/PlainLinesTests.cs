using Shortline.Playground.Clients;
using Shortline.Playground.Screen;

namespace Shortline.Unit.Tests.Playground;

public sealed class PlainLinesTests
{
    [Fact]
    public void New_lines_are_the_events_or_the_whole_conversation()
    {
        var view = Views.View(Views.Fleet());

        Assert.Equal(["   3 s  server 1 is started"], PlainLines.New(view, [Views.Event(3, "server 1 is started")], null));
        Assert.Equal(
            ["   5 s  1004 → gateway  echo hello"],
            PlainLines.New(view, [Views.Event(3, "server 1 is started")], [Views.Line(ConversationKind.Request, "echo hello")]));
    }

    [Fact]
    public void The_progress_line_has_queues_rate_latency_and_failures()
    {
        var view = Views.View(Views.Fleet(Views.Server("0", queue: 3), Views.Server("1")), Views.Progress(98, rejected: 2));

        Assert.Equal("   7 s  2 servers  queues 3 0  100/s  p50 10.0 ms  p99 10.0 ms  ok 98  failed 2  in flight 0", PlainLines.Progress(view));
    }
}
