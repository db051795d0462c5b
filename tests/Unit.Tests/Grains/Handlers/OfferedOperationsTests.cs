using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Handlers;

public sealed class OfferedOperationsTests
{
    private static readonly ServerSettings Settings = new() { Operations = BuiltInOperations.TryParse("echo,directory")! };

    [Theory]
    [InlineData("hash")]
    [InlineData("compute")]
    [InlineData("file")]
    public void An_operation_that_is_switched_off_is_answered_like_an_unknown_one_with_the_reason(string operation)
    {
        var answer = new ServerUnderTest(Settings).Run(operation, "{}");

        Assert.Equal(ResponseStatus.Invalid, answer.Status);
        Assert.Equal($"operation '{operation}' is switched off by server.operations: known are directory, echo, held", answer.Body);
    }

    [Fact]
    public void The_others_are_offered()
    {
        var server = new ServerUnderTest(Settings);

        Assert.Equal(ResponseStatus.Ok, server.Run("echo", "1").Status);
        Assert.StartsWith("unknown operation 'hush': known are ", server.Run("hush", "1").Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handler_of_ones_own_may_have_the_name_of_one_that_is_switched_off()
    {
        var server = new ServerUnderTest(Settings, services => services.AddWorkHandler("hash", (_, _, _) => new(WorkOutcome.Ok)));

        Assert.Equal(ResponseStatus.Ok, server.Run("hash", "1").Status);
    }
}
