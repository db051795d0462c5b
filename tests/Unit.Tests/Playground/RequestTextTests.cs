using System.Text;
using Shortline.Playground.Clients;

namespace Shortline.Unit.Tests.Playground;

public sealed class RequestTextTests
{
    [Theory]
    [InlineData("directory", "directory", "{}")]
    [InlineData("directory notes", "directory", """{"name":"notes"}""")]
    [InlineData("  file hello.txt ", "file", """{"name":"hello.txt","offset":0,"length":64}""")]
    [InlineData("file a \"b\"", "file", """{"name":"a \u0022b\u0022","offset":0,"length":64}""")]
    [InlineData("compute 0.25", "compute", """{"seconds":0.25}""")]
    [InlineData("echo one two", "echo", "\"one two\"")]
    [InlineData("echo", "echo", "\"\"")]
    public void A_typed_request_becomes_an_operation_with_its_payload(string typed, string operation, string payload)
    {
        var request = RequestText.Read(typed, out var fault);

        Assert.Equal("", fault);
        Assert.Equal((operation, payload, typed.Trim()), (request!.Operation, Encoding.UTF8.GetString(request.Payload.Span), request.Text));
    }

    [Theory]
    [InlineData("", "There is: directory [NAME], file NAME, compute SECONDS, echo TEXT")]
    [InlineData("dance", "There is: directory [NAME], file NAME, compute SECONDS, echo TEXT")]
    [InlineData("file", "There is: directory [NAME], file NAME, compute SECONDS, echo TEXT")]
    [InlineData("compute", "compute SECONDS: a number from 0 to 60")]
    [InlineData("compute -1", "compute SECONDS: a number from 0 to 60")]
    [InlineData("compute 61", "compute SECONDS: a number from 0 to 60")]
    [InlineData("compute NaN", "compute SECONDS: a number from 0 to 60")]
    public void An_invalid_line_is_refused_with_a_hint(string typed, string expected)
    {
        Assert.Null(RequestText.Read(typed, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void An_overlong_line_is_refused() => Assert.Null(RequestText.Read("echo " + new string('x', 2000), out _));
}
