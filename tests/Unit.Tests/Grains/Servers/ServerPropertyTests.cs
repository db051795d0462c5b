using FsCheck;
using FsCheck.Fluent;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Grains.Servers;

public sealed class ServerPropertyTests
{
    [Fact]
    public void Every_request_is_answered_exactly_once_unless_the_server_is_killed() => Check(mayKill: false);

    [Fact]
    public void No_request_is_answered_twice_even_if_the_server_is_killed() => Check(mayKill: true);

    private static void Check(bool mayKill) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte>(), (steps, shape) =>
        {
            var server = new ServerUnderTest(new ServerSettings
            {
                Concurrency = shape % 3 + 1,
                QueueLimit = shape / 3 % 6 + 1,
                HungAfterMs = 40,
                DrainTimeoutMs = 60,
            });
            var submitted = new HashSet<long>();
            var released = new HashSet<long>();
            var killed = false;
            foreach (var step in steps)
            {
                switch (step % 16)
                {
                    case < 8:
                        var batch = Enumerable.Range(0, step % 5 + 1).Select(i => NextRequest(step + i)).ToArray();
                        server.SubmitFrom(step % 2 == 0 ? "a" : "b", batch);
                        break;
                    case < 12:
                        if (!killed && server.Held.Begun.FirstOrDefault(call => released.Add(long.Parse(call.Id))) is { } call)
                            server.Finish(long.Parse(call.Id));

                        break;
                    case < 14:
                        server.Advance(step % 5 * 10);
                        break;
                    case 14 when step > 200:
                        server.Server.Drain();
                        break;
                    case 15 when step > 200 && mayKill:
                        server.Server.Abandon();
                        killed = true;
                        break;
                }
            }

            server.Server.Drain();
            server.Advance(10_000);
            var answered = server.Answers.Select(answer => answer.Ticket).ToList();
            Assert.Equal(answered.Count, answered.Distinct().Count());
            Assert.Subset(submitted, answered.ToHashSet());
            if (!killed)
                Assert.Equal(submitted.Count, answered.Count);

            server.Held.ReleaseAll();

            TestRequest NextRequest(int seed)
            {
                submitted.Add(submitted.Count + 1);
                var operation = (seed % 4) switch { 0 => "echo", 1 => "nope", _ => "held" };
                return new TestRequest(submitted.Count, operation, "[1]", TimeLeftMs: seed % 7 * 10);
            }
        }).QuickCheckThrowOnFailure();
}
