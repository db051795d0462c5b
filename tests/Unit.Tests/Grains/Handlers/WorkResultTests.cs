using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Handlers;

public sealed class WorkResultTests
{
    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("1 2")]
    [InlineData("nothing")]
    [InlineData("{\"a\":1,}")]
    [InlineData(" ")]
    public void A_result_that_is_not_one_JSON_value_is_an_error_that_names_the_operation(string result)
    {
        foreach (var inline in new[] { true, false })
        {
            var answer = Run(inline, writer => writer.Write(Encoding.UTF8.GetBytes(result)));
            Assert.Equal((ResponseStatus.Error, "the handler of 'mine' did not write one JSON value"), (answer.Status, answer.Body));
        }
    }

    [Fact]
    public void A_result_that_is_not_UTF_8_is_an_error() =>
        Assert.Equal(ResponseStatus.Error, Run(inline: true, writer => writer.Write((ReadOnlySpan<byte>)[(byte)'"', 0xFF, (byte)'"'])).Status);

    [Theory]
    [InlineData(ResultWriter.MaxResult, ResponseStatus.Ok)]
    [InlineData(ResultWriter.MaxResult + 1, ResponseStatus.Error)]
    [InlineData(10_000_000, ResponseStatus.Error)]
    public void A_result_that_does_not_fit_into_a_datagram_is_an_error(int length, ResponseStatus status)
    {
        foreach (var inline in new[] { true, false })
        {
            var answer = Run(inline, writer =>
            {
                writer.Write("\""u8);
                for (var left = length - 2; left > 0; left -= 1000)
                    writer.Write(new string('x', Math.Min(left, 1000)).Select(letter => (byte)letter).ToArray());

                writer.Write("\""u8);
            });
            Assert.Equal(status, answer.Status);
            if (status == ResponseStatus.Error)
                Assert.Equal($"the result of 'mine' has {length} bytes: at most 64000 fit a response", answer.Body);
            else
                Assert.Equal(length, answer.Body.Length);
        }
    }

    [Fact]
    public void A_large_size_hint_near_the_limit_is_accepted()
    {
        var answer = Run(inline: true, writer =>
        {
            writer.Write(Encoding.ASCII.GetBytes("\"" + new string('x', 63_000)));
            writer.GetSpan(4096)[0] = (byte)'"';
            writer.Advance(1);
        });
        Assert.Equal((ResponseStatus.Ok, 63_002), (answer.Status, answer.Body.Length));
    }

    [Fact]
    public void A_result_written_before_a_failure_is_not_sent()
    {
        foreach (var inline in new[] { true, false })
        {
            var answer = Run(inline, writer => writer.Write("[1"u8), WorkOutcome.Error("no"));
            Assert.Equal((ResponseStatus.Error, "no"), (answer.Status, answer.Body));
            answer = Run(inline, writer => writer.Write("[1"u8), WorkOutcome.Invalid("not so"));
            Assert.Equal((ResponseStatus.Invalid, "not so"), (answer.Status, answer.Body));
            answer = Run(inline, writer =>
            {
                writer.Write("[1"u8);
                throw new FormatException("broken");
            });
            Assert.Equal((ResponseStatus.Error, "broken"), (answer.Status, answer.Body));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_message_of_an_exception_stays_in_the_log_unless_errors_are_exposed(bool inline)
    {
        var server = new ServerUnderTest(
            configure: services => services.AddSingleton(
                new WorkHandlerRegistration("mine", "test", _ => new Handler(inline, _ => throw new IOException("/home/secret"), default))),
            all: new ShortlineSettings { LoadBalancer = new() { Address = "0.0.0.0" } });

        var answer = server.Run("mine", "1");

        Assert.Equal((ResponseStatus.Error, "the handler of 'mine' failed: the server's log says why"), (answer.Status, answer.Body));
        Assert.Single(server.Log.Lines);
    }

    [Fact]
    public void Long_error_texts_are_cut_between_characters()
    {
        var answer = Run(inline: false, _ => { }, WorkOutcome.Error(new string('é', 5000)));
        Assert.Equal(new string('é', 500), answer.Body);
    }

    [Fact]
    public void Repeated_failures_of_a_handler_are_logged_once_per_second()
    {
        var server = new ServerUnderTest(configure: services =>
            services.AddSingleton(new WorkHandlerRegistration("mine", "test", _ => new Handler(true, _ => throw new FormatException("broken"), default))));
        for (var i = 0; i < 10; i++)
            server.Run("mine", "1");

        Assert.Equal(["The handler of operation 'mine' threw an exception (0 more since the last message)"], server.Log.Lines);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        server.Run("mine", "1");
        Assert.Equal("The handler of operation 'mine' threw an exception (9 more since the last message)", server.Log.Lines.Last());
        Assert.Equal(11, server.Report.Errors);
    }

    [Fact]
    public void An_inline_handler_that_awaits_does_not_affect_other_answers()
    {
        var awaiting = new Awaiting();
        var server = new ServerUnderTest(configure: services =>
            services.AddSingleton(new WorkHandlerRegistration("mine", "test", _ => awaiting)));
        server.Submit(new TestRequest(1, "echo", "\"before\""), new TestRequest(2, "mine"), new TestRequest(3, "echo", "\"after\""));
        awaiting.GoOn.SetResult();
        server.Submit(new TestRequest(4, "echo", "4"));
        Assert.Equal(
            ["\"before\"", "the handler of 'mine' declares that it runs inline, but it awaits", "\"after\"", "4"],
            server.Answers.Select(answer => answer.Body));
    }

    [Fact]
    public void An_inline_handler_that_awaits_keeps_the_memory_of_its_request()
    {
        var server = new ServerUnderTest(configure: services => services
            .AddSingleton(new WorkHandlerRegistration("mine", "test", _ => new Awaiting())));
        Assert.True(server.Server.Submit(TestRequest.Batch("gateway", new TestRequest(1, "echo"), new TestRequest(2, "mine")), new RecordingGateway()).KeepsBatch);
        Assert.False(server.Server.Submit(TestRequest.Batch("gateway", new TestRequest(3, "echo")), new RecordingGateway()).KeepsBatch);
    }

    private static Answer Run(bool inline, Action<IBufferWriter<byte>> write, WorkOutcome outcome = default) =>
        new ServerUnderTest(configure: services =>
            services.AddSingleton(new WorkHandlerRegistration("mine", "test", _ => new Handler(inline, write, outcome)))).Run("mine", "1");

    private sealed class Handler(bool inline, Action<IBufferWriter<byte>> write, WorkOutcome outcome) : IWorkHandler
    {
        public bool RunsInline => inline;

        public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
        {
            write(result);
            return new(outcome);
        }
    }

    private sealed class Awaiting : IWorkHandler
    {
        public TaskCompletionSource GoOn { get; } = new();

        public bool RunsInline => true;

        public async ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
        {
            result.Write("\"half"u8);
            await GoOn.Task;
            result.Write(" and half\""u8);
            return WorkOutcome.Ok;
        }
    }
}
