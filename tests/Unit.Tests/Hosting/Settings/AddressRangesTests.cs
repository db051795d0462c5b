using System.Net;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Hosting.Settings;

public sealed class AddressRangesTests : IDisposable
{
    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("127.0.0.0/8,::1", "127.0.0.1", true)]
    [InlineData("127.0.0.0/8,::1", "127.255.255.255", true)]
    [InlineData("127.0.0.0/8,::1", "::1", true)]
    [InlineData("127.0.0.0/8,::1", "::ffff:127.0.0.1", true)]
    [InlineData("127.0.0.0/8,::1", "128.0.0.1", false)]
    [InlineData("127.0.0.0/8,::1", "::2", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("0.0.0.0/0", "1.2.3.4", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("fd00::/8 , 10.0.0.0/8", "fd12::1", true)]
    [InlineData("", "127.0.0.1", false)]
    public void A_list_contains_exactly_the_addresses_of_its_ranges(string ranges, string address, bool isIn) =>
        Assert.Equal(isIn, AddressRanges.TryParse(ranges)!.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("localhost")]
    [InlineData("1")]
    [InlineData("10.0.0.1/8")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("127.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("127.0.0.1,")]
    [InlineData("::ffff:10.0.0.1")]
    public void A_text_that_is_not_a_list_of_addresses_is_a_fault(string value)
    {
        var fault = Assert.Single(_fixture.Read("--load_balancer:allow_external_from", value).Faults);
        Assert.Contains($"load_balancer.allow_external_from = {value}: IP addresses and ranges with commas between them", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_list_is_allowed() => Assert.True(_fixture.Read("--load_balancer:allow_external_from", "").Settings!.LoadBalancer.AllowExternalFrom.IsEmpty);
}
