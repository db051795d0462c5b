using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Shortline.Grains;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Handlers;

public sealed class WorkHandlerRegistrationTests
{
    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("größe")]
    [InlineData("slash/slash")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_name_that_clients_could_not_send_is_refused(string name)
    {
        var fault = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddWorkHandler<EchoHandler>(name));
        Assert.Contains($"'{name}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("A-Z, a-z, 0-9", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_registration_of_a_name_fails_and_names_both_handlers()
    {
        var services = new ServiceCollection().AddShortlineGrains(new ShortlineSettings());
        var fault = Assert.Throws<InvalidOperationException>(() => services.AddWorkHandler<HashHandler>("echo"));
        Assert.Equal("Operation 'echo' is registered twice: for EchoHandler and for HashHandler.", fault.Message);
    }

    [Fact]
    public void A_registration_before_that_of_a_built_in_operation_fails_too()
    {
        var services = new ServiceCollection().AddWorkHandler("hash", (_, _, _) => new(WorkOutcome.Ok));
        Assert.Throws<InvalidOperationException>(() => services.AddShortlineGrains(new ShortlineSettings()));
    }

    [Fact]
    public void A_delegate_can_be_a_handler()
    {
        var server = new ServerUnderTest(configure: services => services.AddWorkHandler("length", (request, result, _) =>
        {
            result.Write(System.Text.Encoding.UTF8.GetBytes($"{request.Payload.Length}"));
            return new(WorkOutcome.Ok);
        }));
        var answer = server.Run("length", "[1,2]");
        Assert.Equal((ResponseStatus.Ok, "5"), (answer.Status, answer.Body));
    }

    [Fact]
    public void Names_are_case_sensitive_and_found_without_allocation()
    {
        var operations = new ServiceCollection().AddLogging().AddShortlineGrains(new ShortlineSettings()).BuildServiceProvider()
            .GetRequiredService<Operations>();
        Assert.Equal("echo", operations.Find("echo"u8)?.Name);
        Assert.Null(operations.Find("Echo"u8));
        Assert.Null(operations.Find(""u8));
        Assert.Null(operations.Find([0xC3, 0xA9]));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            operations.Find("compute"u8);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
