using System.Net.Sockets;
using Orleans.Runtime;
using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

public class ExceptionCodecTests
{
    public static TheoryData<Exception> Kept { get; } = All("name");

    [Theory, MemberData(nameof(Kept))]
    public void Type_message_and_cause_are_kept(Exception exception)
    {
        var read = Back(exception);

        for (Exception? expected = exception, actual = read; expected is not null; expected = expected.InnerException, actual = actual.InnerException)
        {
            Assert.NotNull(actual);
            Assert.Equal((expected.GetType(), expected.Message), (actual.GetType(), actual.Message));
        }
    }

    [Fact]
    public void The_stack_trace_is_kept_and_continued()
    {
        var read = Back(Thrown("far away"));

        var again = Assert.Throws<TimeoutException>(new Action(() => throw read));

        Assert.Contains(nameof(Thrown), again.StackTrace);
        Assert.Contains(nameof(The_stack_trace_is_kept_and_continued), again.StackTrace);
    }

    [Fact]
    public void A_type_that_cannot_be_made_is_named()
    {
        var read = Back(new SocketException(111));

        Assert.IsType<OrleansException>(read);
        Assert.Contains("System.Net.Sockets.SocketException", read.Message);
        Assert.Contains(new SocketException(111).Message, read.Message);
    }

    [Theory]
    [InlineData("System.Private.CoreLib", "System.String")]
    [InlineData("System.Private.CoreLib", "System.NoSuchException")]
    [InlineData("System.NotLoaded", "System.TimeoutException")]
    [InlineData("Evil", "Evil.EvilException")]
    [InlineData("System.Private.CoreLib", "")]
    [InlineData("System.Private.CoreLib", "System.Collections.Generic.List`1[[Evil.Evil, Evil]]")]
    [InlineData("Shortline.Unit.Tests", "Shortline.Unit.Tests.LocalEngine.Wire.ExceptionCodecTests+AbstractException")]
    public void Nothing_but_exceptions_that_are_known_is_made(string assembly, string type)
    {
        var writer = new WireWriter();
        Codec<ThrownException>.Write(writer, new ThrownException { Assembly = assembly, Type = type, Message = "m" });

        var read = ExceptionCodec.Read(new WireReader(writer.Written.ToArray()));

        Assert.IsType<OrleansException>(read);
        Assert.Equal($"{type}: m", read.Message);
    }

    [Fact]
    public void Causes_beyond_a_bound_and_endless_texts_are_cut()
    {
        Exception exception = new TimeoutException(new string('x', 1_000_000));
        for (var depth = 0; depth < 100; depth++)
        {
            exception = new TimeoutException($"{depth}", exception);
        }

        var causes = 0;
        for (var read = Back(exception); read is not null; read = read.InnerException)
        {
            causes++;
        }

        Assert.Equal(9, causes);
        Assert.InRange(Back(new TimeoutException(new string('x', 1_000_000))).Message.Length, 1000, 20_000);
    }

    private static TheoryData<Exception> All(string name) =>
    [
        new TimeoutException("late"),
        new InvalidOperationException(name),
        new ArgumentException("wrong", nameof(name)),
        new ArgumentNullException(nameof(name)),
        new ArgumentOutOfRangeException(nameof(name), 5, "too large"),
        new ObjectDisposedException("thing"),
        new OperationCanceledException(),
        new TaskCanceledException("enough"),
        new KeyNotFoundException("who"),
        new AggregateException(new IOException("disk")),
        new OrleansException("engine"),
        new SiloUnavailableException("gone"),
        new ClientNotAvailableException("left"),
        new BusyException("3"),
        new InvalidOperationException("outer", new SiloUnavailableException("inner")),
        new OnlyTextException("outer", new TimeoutException("inner")),
    ];

    private static Exception Back(Exception exception)
    {
        var writer = new WireWriter();
        ExceptionCodec.Write(writer, exception);
        return ExceptionCodec.Read(new WireReader(writer.Written.ToArray()));
    }

    private static TimeoutException Thrown(string message)
    {
        try
        {
            throw new TimeoutException(message);
        }
        catch (TimeoutException exception)
        {
            return exception;
        }
    }

    /// <summary>Makes a message of its own of what it is given.</summary>
    private sealed class BusyException(string server) : Exception($"Server {server} is busy.");

    private sealed class OnlyTextException : Exception
    {
        public OnlyTextException(string message)
            : base(message)
        {
        }

        public OnlyTextException(string message, TimeoutException inner)
            : base(message, inner)
        {
        }
    }

    private abstract class AbstractException(string message) : Exception(message);
}
