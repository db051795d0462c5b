using System.Text;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Protocol;

public sealed class ResponseFaultTests
{
    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("alive", "it is not a JSON object")]
    [InlineData("[1]", "it is not a JSON object")]
    [InlineData("{\"id\":1}", "it has no 'status'")]
    [InlineData("{\"id\":1,\"status\":\"OK\"}", "its 'status' has a wrong type or value")]
    [InlineData("{\"id\":[1],\"status\":\"ok\"}", "its 'id' has a wrong type or value")]
    [InlineData("{\"id\":1,\"status\":\"error\",\"error\":5}", "its 'error' has a wrong type or value")]
    [InlineData("{\"status\":\"ok\"}", "it has no 'id', or not that of a request")]
    [InlineData("{\"id\":1,\"status\":\"ok\"} x", "it is not JSON, or text follows the object")]
    [InlineData("{\"id\":1,\"status\":\"ok\"", "it is not JSON, or text follows the object")]
    public void Each_fault_is_named(string response, string fault) => Assert.Equal(fault, ResponseFault.Of(Encoding.UTF8.GetBytes(response)));

    [Fact]
    public void Other_bytes_than_UTF_8_are_named() => Assert.Equal("it is not UTF-8", ResponseFault.Of([0x7b, 0xff, 0x7d]));
}
