using Shortline.Protocol.Responses;
using Shortline.Samples;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Handlers;

/// <summary>One silo with the sample handler.</summary>
public sealed class DistanceSilo() : ServerSilos(configure: DistanceSample.Register);

/// <summary>Sends requests to the sample of docs/handlers.md, registered as a user would.</summary>
public sealed class DistanceHandlerTests(DistanceSilo silos) : IClassFixture<DistanceSilo>
{
    [Theory]
    [InlineData("""{"from":{"lat":52.52,"lon":13.4},"to":{"lat":48.86,"lon":2.35}}""", ResponseStatus.Ok, """{"km":877.1}""")]
    [InlineData("""{"From":{"LAT":"0","lon":0},"to":{"lat":0,"lon":180}}""", ResponseStatus.Ok, """{"km":20015.1}""")]
    [InlineData("""{"from":{"lat":91,"lon":0},"to":{"lat":0,"lon":0}}""", ResponseStatus.Invalid, "latitudes go from -90 to 90, longitudes from -180 to 180")]
    [InlineData("""{"from":{"lat":1,"lon":0}}""", ResponseStatus.Invalid, "the payload of 'distance' is wrong at $")]
    [InlineData("""{"from":null,"to":{"lat":0,"lon":0}}""", ResponseStatus.Invalid, "the payload of 'distance' is wrong at $.from")]
    [InlineData("", ResponseStatus.Invalid, "'distance' needs a payload")]
    public async Task The_sample_handler_answers_through_a_server(string payload, ResponseStatus status, string body)
    {
        await using var cluster = silos.NewPool();
        var server = cluster.Server("0");
        await server.Start(0);
        var receipt = await server.Submit(TestRequest.Batch("gateway", new TestRequest(1, "distance", payload)), cluster.ReplyTo);
        var answer = Assert.Single(Answer.Of(receipt.Done));
        Assert.Equal((status, body), (answer.Status, answer.Body));
    }
}
