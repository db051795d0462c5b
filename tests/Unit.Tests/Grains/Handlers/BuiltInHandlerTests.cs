using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Handlers;

public sealed class BuiltInHandlerTests
{
    private readonly ServerUnderTest _server = new();

    [Theory]
    [InlineData("sha1", 3)]
    [InlineData("sha256", 1)]
    [InlineData("sha384", 2)]
    [InlineData("sha512", 1000)]
    public void Hash_hashes_the_text_and_then_repeatedly_the_hash(string algorithm, int rounds)
    {
        var answer = _server.Run("hash", $$"""{"algorithm":"{{algorithm}}","rounds":{{rounds}},"text":"grain"}""", timeLeftMs: 60_000);
        var expected = Encoding.UTF8.GetBytes("grain");
        for (var i = 0; i < rounds; i++)
            expected = CryptographicOperations.HashData(new HashAlgorithmName(algorithm.ToUpperInvariant()), expected);

        Assert.Equal(ResponseStatus.Ok, answer.Status);
        var result = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(Convert.ToHexStringLower(expected), result.GetProperty("hex").GetString());
        Assert.Equal(algorithm, result.GetProperty("algorithm").GetString());
        Assert.Equal(rounds, result.GetProperty("rounds").GetInt32());
    }

    [Theory]
    [InlineData("hash", "", "'hash' needs a payload")]
    [InlineData("hash", "null", "'hash' needs a payload that is not null")]
    [InlineData("hash", """{"algorithm":"md5"}""", "'algorithm' must be sha1, sha256, sha384 or sha512")]
    [InlineData("hash", """{"algorithm":null}""", "'algorithm' must be sha1, sha256, sha384 or sha512")]
    [InlineData("hash", """{"rounds":0}""", "'rounds' must be a whole number from 1 to 10000000")]
    [InlineData("hash", """{"rounds":10000001}""", "'rounds' must be a whole number from 1 to 10000000")]
    [InlineData("hash", """{"rounds":1.5}""", "the payload of 'hash' is wrong at $.rounds")]
    [InlineData("hash", "[]", "the payload of 'hash' is wrong at $")]
    [InlineData("compute", "{}", "'seconds' must be a number from 0 to 3600")]
    [InlineData("compute", """{"seconds":-0.1}""", "'seconds' must be a number from 0 to 3600")]
    [InlineData("compute", """{"seconds":3601}""", "'seconds' must be a number from 0 to 3600")]
    [InlineData("compute", """{"seconds":1e999}""", "'seconds' must be a number from 0 to 3600")]
    [InlineData("compute", """{"seconds":"x"}""", "the payload of 'compute' is wrong at $.seconds")]
    public void A_wrong_payload_is_invalid(string operation, string payload, string text)
    {
        var answer = _server.Run(operation, payload);
        Assert.Equal((ResponseStatus.Invalid, text), (answer.Status, answer.Body));
    }

    [Fact]
    public void Hash_stops_at_the_deadline()
    {
        _server.Submit(new TestRequest(1, "hash", """{"rounds":10000000}""", TimeLeftMs: 50), new TestRequest(2, "echo", "2"));
        _server.Advance(50);
        Assert.Equal(ResponseStatus.Expired, _server.StatusOf(1));
        ServerUnderTest.Until(
            () =>
            {
                _server.Server.Collect();
                return _server.Server.InService == 0;
            },
            () => "the hash handler stops");
    }
}
