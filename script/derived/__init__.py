# SPDX-License-Identifier: Apache-2.0
"""What script/generate makes of all tools' models together."""
